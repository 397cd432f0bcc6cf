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
    { flags: '--state-from <source>' },
    { flags: '--require-state' },
  ],
  examples: [
    'callbackd plan',
    'callbackd plan -o markdown',
    'callbackd plan --out release.plan',
    'callbackd plan --state-from http://ops-host:9643 -o markdown',
  ],
  load: async () => (await import('./run.ts')).run,
};
