/** The command line of `callbackd history`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const HISTORY: CommandSpec = {
  name: 'history',
  summary: 'what was changed, newest first, down to each request',
  description:
    'Reads the history in the state directory: every change that was applied or failed, with the status, code and logid of ' +
    'each request made for it.',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--app <key>', description: 'only changes of this entry' },
    { flags: '--limit <count>', description: 'how many changes', default: '20' },
    outputOption('text', 'json'),
  ],
  examples: [
    { command: 'callbackd history --app orders', does: 'what happened to one app' },
    { command: 'callbackd history --limit 1000 -o json', does: 'the last thousand changes, for scripts' },
  ],
  load: async () => (await import('./run.ts')).run,
};
