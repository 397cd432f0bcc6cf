/** The command line of `callbackd rehearse`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { FILE_OPTIONS, outputOption } from '../command-line/options.ts';

export const REHEARSE: CommandSpec = {
  name: 'rehearse',
  arguments: [],
  options: [
    ...FILE_OPTIONS,
    { flags: '--runs <n>' },
    { flags: '--seed <s>' },
    { flags: '--account <file>' },
    outputOption('text', 'json'),
  ],
  examples: [
    'callbackd rehearse',
    'callbackd rehearse --runs 2000 -o json',
    'callbackd rehearse --account account.yaml',
    'callbackd rehearse --seed 17',
  ],
  load: async () => (await import('./run.ts')).run,
};
