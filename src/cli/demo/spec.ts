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
  summary: 'a guided tour on the sandbox; needs no account',
  description: 'Shows a dry run, the daemon converging, a change of the file, and drift being healed.',
  arguments: [],
  options: [{ flags: '--live', description: 'keep everything running afterwards, to play with' }],
  examples: [{ command: 'callbackd demo --live', does: 'the tour, and then your turn' }],
  load: async () => run,
};
