/** The command line of `callbackd sandbox`. */

import type { CommandSpec } from '../command-line/command-spec.ts';

export const SANDBOX: CommandSpec = {
  name: 'sandbox',
  summary: 'run an emulated platform on loopback, to play with',
  description:
    'Starts an emulator of the callback-app API with receivers that answer the challenge. It needs no account and ' +
    'talks to nobody. It runs until interrupted.',
  arguments: [],
  options: [
    { flags: '-p, --port <port>', description: 'the port; 0 picks a free one', default: '9650' },
    {
      flags: '--fleet <name>',
      description: 'what the account holds at first',
      choices: ['empty', 'demo'],
      default: 'empty',
    },
  ],
  examples: [{ command: 'callbackd sandbox --fleet demo', does: 'an account with a few apps in it' }],
  load: async () => (await import('./run.ts')).run,
};
