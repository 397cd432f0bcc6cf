/** The command line of `callbackd sandbox`. */

import type { CommandSpec } from '../command-line/command-spec.ts';

export const SANDBOX: CommandSpec = {
  name: 'sandbox',
  arguments: [],
  options: [
    { flags: '-p, --port <port>', default: '9650' },
    {
      flags: '--fleet <name>',
      choices: ['empty', 'demo'],
      default: 'empty',
    },
  ],
  examples: ['callbackd sandbox --fleet demo'],
  load: async () => (await import('./run.ts')).run,
};
