/** The command line of `callbackd why`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const WHY: CommandSpec = {
  name: 'why',
  summary: 'why an entry is as it is: file, record, account, decision, history',
  description:
    'Shows where the entry stands in the file, what was last applied, what the account holds now, which rule decides about ' +
    'it, and its last changes. It reads the account once and works without the daemon.',
  arguments: [{ name: 'key', description: 'the entry', required: true }],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--offline', description: 'do not read the account' },
    outputOption('text', 'json'),
  ],
  examples: [{ command: 'callbackd why orders', does: 'everything about one entry' }],
  load: async () => (await import('./run.ts')).run,
};
