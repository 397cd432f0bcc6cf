/** The command line of `callbackd apply`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const APPLY: CommandSpec = {
  name: 'apply',
  arguments: [{ name: 'planfile', required: false }],
  options: [
    ...CONFIGURATION_OPTIONS,
    outputOption('text', 'json'),
    { flags: '-y, --yes' },
    { flags: '--full' },
    { flags: '--allow-deletes' },
    { flags: '--approve <digest-or-key>' },
  ],
  examples: ['callbackd apply', 'callbackd apply --yes', 'callbackd apply release.plan --yes'],
  load: async () => (await import('./run.ts')).run,
};
