/** The command line of `callbackd import`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS } from '../command-line/options.ts';

export const IMPORT: CommandSpec = {
  name: 'import',
  arguments: [],
  options: [...CONFIGURATION_OPTIONS, { flags: '--adopt' }, { flags: '--select <patterns>' }],
  examples: [
    'callbackd import > callbackd.yaml',
    'callbackd import --adopt > callbackd.yaml',
    'callbackd import --select "订单*" > apps.d/orders.yaml',
  ],
  load: async () => (await import('./run.ts')).run,
};
