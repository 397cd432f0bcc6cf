/** `callbackd demo`: the guided tour on the sandbox. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';

const run: CommandRun = async ({ options }, { terminal, clock, interrupted, openDemoStage }) => {
  const { runTour } = await import('./tour.ts');
  const stage = await openDemoStage();
  const { print, color } = terminal;
  return runTour({ stage, clock, print, color, interrupted }, { live: options['live'] === true });
};

export const DEMO: CommandSpec = {
  name: 'demo',
  arguments: [],
  options: [{ flags: '--live' }],
  examples: ['callbackd demo --live'],
  load: async () => run,
};
