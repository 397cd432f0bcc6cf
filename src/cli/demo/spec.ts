/** `callbackd demo`: the guided tour on the sandbox. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';

const run: CommandRun = async ({ options }, context) => {
  const { openDemoStage } = await import('../../app/open-demo-stage.ts');
  const { runTour } = await import('./tour.ts');
  const { terminal, clock, signals } = context;
  const stage = await openDemoStage(context);
  const deps = { stage, clock, terminal, interrupted: signals.interrupted };
  return runTour(deps, { live: options['live'] === true });
};

export const DEMO: CommandSpec = {
  name: 'demo',
  arguments: [],
  options: [{ flags: '--live' }],
  examples: ['callbackd demo --live'],
  load: async () => run,
};
