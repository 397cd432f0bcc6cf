/** The command line of `callbackd history`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const HISTORY: CommandSpec = {
  name: 'history',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--app <key>' },
    { flags: '--limit <count>', default: '20' },
    outputOption('text', 'json'),
  ],
  examples: ['callbackd history --app orders', 'callbackd history --limit 1000 -o json'],
  load: async () => (await import('./run.ts')).run,
};
