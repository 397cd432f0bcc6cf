/** `callbackd schema [NAME]`: prints a JSON Schema. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';

const run: CommandRun = async ({ args }, { terminal, readSchema }) => {
  terminal.print(await readSchema(args[0] ?? 'config'));
  return 'ok';
};

export const SCHEMA: CommandSpec = {
  name: 'schema',
  summary: 'print a JSON Schema',
  description: 'Prints the JSON Schema of the configuration (for editors) or of an output format.',
  arguments: [
    {
      name: 'name',
      description: 'which one (default: config)',
      required: false,
      choices: [
        'config',
        'plan',
        'state',
        'status',
        'recorded-status',
        'history',
        'why',
        'doctor',
        'bundle',
        'diagnostics',
        'notification',
        'rehearsal',
      ],
    },
  ],
  options: [],
  examples: [{ command: 'callbackd schema > callbackd.schema.json', does: 'save it for your editor' }],
  load: async () => run,
};
