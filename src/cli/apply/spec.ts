/** The command line of `callbackd apply`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const APPLY: CommandSpec = {
  name: 'apply',
  summary: 'plan, confirm, apply; or apply a saved plan',
  description:
    'Prints the plan, asks, and applies it. A create whose reply was lost is settled, never repeated blindly. ' +
    'A saved plan is applied item by item: what has moved since is refused and shown.',
  arguments: [{ name: 'planfile', description: 'a plan saved with `plan --out`', required: false }],
  options: [
    ...CONFIGURATION_OPTIONS,
    outputOption('text', 'json'),
    { flags: '-y, --yes', description: 'do not ask' },
    { flags: '--full', description: 'do not shorten long plans' },
    {
      flags: '--allow-deletes',
      description: 'lift the delete limits for this run (never for protected apps)',
    },
    {
      flags: '--approve <digest-or-key>',
      description: 'release what is withheld for this plan digest or entry',
    },
  ],
  examples: [
    { command: 'callbackd apply', does: 'plan, ask, apply' },
    { command: 'callbackd apply --yes', does: 'the same without asking' },
    { command: 'callbackd apply release.plan --yes', does: 'apply a saved plan' },
  ],
  load: async () => (await import('./run.ts')).run,
};
