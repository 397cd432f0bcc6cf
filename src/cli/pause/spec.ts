/** The command line of `callbackd pause`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONTROL_OPTIONS } from '../command-line/options.ts';

export const PAUSE: CommandSpec = {
  name: 'pause',
  arguments: [{ name: 'key', required: false }],
  options: [
    { flags: '--for <duration>' },
    { flags: '--until <instant>' },
    { flags: '--because <text>' },
    ...CONTROL_OPTIONS,
  ],
  examples: ['callbackd pause orders --for 2h --because "migration"', 'callbackd pause'],
  load: async () => (await import('./run.ts')).run,
};
