/** The command line of `callbackd bundle`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const BUNDLE: CommandSpec = {
  name: 'bundle',
  summary: 'pack a support archive, with every secret masked',
  description:
    'Packs versions, the configuration, the state, the end of the history, what `doctor` finds, what the daemon says, the ' +
    'systemd unit and its journal into one .tar.gz of mode 0600. Tokens, keys, webhook URLs and the queries of URLs are ' +
    'masked. It is searched once more for the secrets of this host before it is written, and not written if one is in it. ' +
    '`manifest.json` in it lists every file with its SHA-256 and how much of it was masked.',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--control-socket <path>', description: 'the daemon to ask, instead of `control.socket`' },
    {
      flags: '--output-file <file>',
      description: 'where to write it; a file that is there already is never overwritten',
    },
    { flags: '--plan', description: 'also read the whole account, and add the plan' },
    { flags: '--offline', description: 'contact neither the platform nor a receiver' },
    outputOption('text', 'json'),
  ],
  examples: [
    { command: 'callbackd bundle', does: 'an archive named after this instant, in this folder' },
    {
      command: 'callbackd bundle --plan --output-file case-17.tar.gz',
      does: 'with a plan, under this name',
    },
  ],
  load: async () => (await import('./run.ts')).run,
};
