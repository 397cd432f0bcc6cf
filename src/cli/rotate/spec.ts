/** The command line of `callbackd rotate KEY`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, CONTROL_SOCKET_OPTION } from '../command-line/options.ts';

export const ROTATE: CommandSpec = {
  name: 'rotate',
  arguments: [{ name: 'key', required: true }],
  options: [
    ...CONFIGURATION_OPTIONS,
    CONTROL_SOCKET_OPTION,
    { flags: '--overlap <duration>', default: '10m' },
    { flags: '-y, --yes' },
  ],
  examples: ['callbackd rotate orders', 'callbackd rotate orders --overlap 1h --yes'],
  load: async () => (await import('./run.ts')).run,
};
