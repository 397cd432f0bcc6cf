/** `callbackd demo`: the guided tour on the sandbox. */

import type { CommandRun } from '../command-spec.ts';
import { runTour } from '../demo/tour.ts';

export const run: CommandRun = async ({ options }, { terminal, clock, interrupted, openDemoStage }) => {
  const stage = await openDemoStage();
  const { print, color } = terminal;
  return runTour({ stage, clock, print, color, interrupted }, { live: options['live'] === true });
};
