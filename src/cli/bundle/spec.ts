/** The command line of `callbackd bundle`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const BUNDLE: CommandSpec = {
  name: 'bundle',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--control-socket <path>' },
    { flags: '--output-file <file>' },
    { flags: '--plan' },
    { flags: '--offline' },
    outputOption('text', 'json'),
  ],
  examples: ['callbackd bundle', 'callbackd bundle --plan --output-file case-17.tar.gz'],
  load: async () => (await import('./run.ts')).run,
};
