/** The command line of `callbackd reconcile`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONTROL_OPTIONS } from '../command-line/options.ts';

export const RECONCILE: CommandSpec = {
  name: 'reconcile',
  arguments: [],
  options: [{ flags: '--wait' }, ...CONTROL_OPTIONS],
  examples: ['callbackd reconcile --wait'],
  load: async () => (await import('./run.ts')).run,
};
