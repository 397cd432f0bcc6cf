/** The command line of `callbackd plan`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const PLAN: CommandSpec = {
  name: 'plan',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    outputOption('text', 'json', 'markdown'),
    { flags: '--out <file>' },
    { flags: '--full' },
    { flags: '--allow-deletes' },
    { flags: '--detailed-exitcode' },
  ],
  examples: ['callbackd plan', 'callbackd plan -o markdown', 'callbackd plan --out release.plan'],
  load: async () => (await import('./run.ts')).run,
};
