/** The command line of `callbackd init`. */

import type { CommandSpec } from '../command-line/command-spec.ts';

export const INIT: CommandSpec = {
  name: 'init',
  arguments: [],
  options: [
    { flags: '-c, --config <path>', default: 'callbackd.yaml' },
    { flags: '--base-url <url>' },
    { flags: '--token-file <path>' },
    { flags: '--token-stdin' },
    { flags: '--state-dir <path>' },
    { flags: '--import' },
    { flags: '-y, --yes' },
  ],
  examples: [
    'callbackd init',
    'callbackd init --base-url https://api.coze.com --token-file coze_token --import',
    'pass show coze | callbackd init --token-file coze_token --token-stdin',
  ],
  load: async () => (await import('./run.ts')).run,
};
