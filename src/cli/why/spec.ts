/** The command line of `callbackd why`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const WHY: CommandSpec = {
  name: 'why',
  arguments: [{ name: 'key', required: true }],
  options: [...CONFIGURATION_OPTIONS, { flags: '--offline' }, outputOption('text', 'json')],
  examples: ['callbackd why orders'],
  load: async () => (await import('./run.ts')).run,
};
