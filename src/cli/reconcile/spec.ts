/** The command line of `callbackd reconcile`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONTROL_OPTIONS } from '../command-line/options.ts';

export const RECONCILE: CommandSpec = {
  name: 'reconcile',
  summary: 'have the daemon read the files and run a round now',
  description:
    'Asks for a round at once instead of at the next tick of the schedule. With --wait the exit code tells how it ended.',
  arguments: [],
  options: [{ flags: '--wait', description: 'wait until the round has ended' }, ...CONTROL_OPTIONS],
  examples: [{ command: 'callbackd reconcile --wait', does: 'run a round and see how it ends' }],
  load: async () => (await import('./run.ts')).run,
};
