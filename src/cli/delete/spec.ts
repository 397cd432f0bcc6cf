/** The command line of `callbackd delete ID`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, CONTROL_SOCKET_OPTION, outputOption } from '../command-line/options.ts';

export const DELETE: CommandSpec = {
  name: 'delete',
  arguments: [{ name: 'id', required: true }],
  options: [
    ...CONFIGURATION_OPTIONS,
    CONTROL_SOCKET_OPTION,
    outputOption('text', 'json'),
    { flags: '-y, --yes' },
    { flags: '--allow-deletes' },
  ],
  examples: ['callbackd delete 7512345678901234568'],
  load: async () => (await import('./run.ts')).run,
};
