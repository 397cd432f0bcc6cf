/** The command line of `callbackd doctor`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const DOCTOR: CommandSpec = {
  name: 'doctor',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--offline' },
    { flags: '--control-socket <path>' },
    outputOption('text', 'json'),
  ],
  examples: ['callbackd doctor -q', 'callbackd doctor --offline'],
  load: async () => (await import('./run.ts')).run,
};
