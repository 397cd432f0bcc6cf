/** The command line of `callbackd plan`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const PLAN: CommandSpec = {
  name: 'plan',
  summary: 'show what would change; writes nothing anywhere',
  description:
    'Lists the account and prints the plan. It is given a client that cannot write, takes no lock and leaves nothing behind, ' +
    'so it is safe beside a running daemon. Unless `preflight` is off, the receivers of URLs to be set are challenged.',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    outputOption('text', 'json', 'markdown'),
    {
      flags: '--out <file>',
      description: 'save the plan, to be applied later with `callbackd apply FILE`',
    },
    { flags: '--full', description: 'do not shorten long plans' },
    {
      flags: '--allow-deletes',
      description: 'plan as if the delete limits were lifted (never for protected apps)',
    },
    { flags: '--detailed-exitcode', description: 'exit 2 when changes are pending' },
  ],
  examples: [
    { command: 'callbackd plan', does: 'print the plan' },
    { command: 'callbackd plan -o markdown', does: 'print it for a pull-request comment' },
    { command: 'callbackd plan --out release.plan', does: 'save it, to apply exactly this later' },
  ],
  load: async () => (await import('./run.ts')).run,
};
