/** `callbackd completion SHELL`: prints a completion script; the scripts ask back with `--keys`. */

import { type CommandRun, UsageError } from '../command-line/command-spec.ts';
import { readCommonFlags } from '../command-line/options.ts';
import { formatBashScript } from './bash-script.ts';
import { formatFishScript } from './fish-script.ts';
import { listCompletions } from './list-words.ts';
import { formatZshScript } from './zsh-script.ts';

const FORMATS = new Map([
  ['bash', formatBashScript],
  ['zsh', formatZshScript],
  ['fish', formatFishScript],
]);

export const run: CommandRun = async (
  invocation,
  { terminal, translate, loadConfiguration },
  { commands },
) => {
  if (invocation.options['keys'] === true) {
    const loaded = await loadConfiguration(readCommonFlags(invocation));
    if (!loaded.ok) return 'invalid_configuration';
    for (const key of loaded.configuration.desired.apps.keys()) terminal.print(`${key}\n`);
    return 'ok';
  }
  const format = FORMATS.get(invocation.args[0] ?? '');
  if (format === undefined) throw new UsageError('name a shell: bash, zsh or fish');
  terminal.print(format(listCompletions(commands, translate)));
  return 'ok';
};
