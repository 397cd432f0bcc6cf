/** `callbackd schema [name]`: prints a JSON Schema. */

import type { CommandRun } from '../command-spec.ts';

export const run: CommandRun = async ({ args }, { terminal, readSchema }) => {
  terminal.print(await readSchema(args[0] ?? 'config'));
  return 'ok';
};
