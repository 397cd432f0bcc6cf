/** `callbackd schema [NAME]`: prints a JSON Schema. */

import { readPackageFile } from '../../lib/package-file.ts';
import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';

const run: CommandRun = async ({ args }, { terminal }) => {
  terminal.print(readPackageFile(`schema/${args[0] ?? 'config'}.schema.json`));
  return 'ok';
};

export const SCHEMA: CommandSpec = {
  name: 'schema',
  arguments: [
    {
      name: 'name',
      required: false,
      choices: [
        'config',
        'plan',
        'state',
        'status',
        'recorded-status',
        'recorded-state',
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
  examples: ['callbackd schema > callbackd.schema.json'],
  load: async () => run,
};
