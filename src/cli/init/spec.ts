/** The command line of `callbackd init`. */

import type { CommandSpec } from '../command-line/command-spec.ts';

export const INIT: CommandSpec = {
  name: 'init',
  summary: 'write a first configuration',
  description:
    'Asks for the platform, the token and where to keep the state, and writes a YAML file that is valid, with its schema for ' +
    'editors beside it. Where nobody can be asked, flags and defaults say it all. It overwrites nothing. The token never ' +
    'goes into the YAML: it comes from a file of mode 0600 or from the environment.',
  arguments: [],
  options: [
    { flags: '-c, --config <path>', description: 'the file to write', default: 'callbackd.yaml' },
    { flags: '--base-url <url>', description: 'the platform: https://api.coze.cn or https://api.coze.com' },
    { flags: '--token-file <path>', description: 'the file that holds the API token' },
    {
      flags: '--token-stdin',
      description: 'read the token from standard input and keep it in --token-file',
    },
    { flags: '--state-dir <path>', description: 'where the state is kept' },
    { flags: '--import', description: 'also write down what the account holds' },
    { flags: '-y, --yes', description: 'do not ask' },
  ],
  examples: [
    { command: 'callbackd init', does: 'by asking' },
    {
      command: 'callbackd init --base-url https://api.coze.com --token-file coze_token --import',
      does: 'without asking for these',
    },
    {
      command: 'pass show coze | callbackd init --token-file coze_token --token-stdin',
      does: 'with a token from a password manager',
    },
  ],
  load: async () => (await import('./run.ts')).run,
};
