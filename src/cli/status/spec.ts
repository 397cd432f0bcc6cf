/** The command line of `callbackd status`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const STATUS: CommandSpec = {
  name: 'status',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--control-socket <path>' },
    { flags: '--check' },
    outputOption('text', 'json'),
  ],
  examples: ['callbackd status', 'callbackd status -o json'],
  load: async () => (await import('./run.ts')).run,
};
