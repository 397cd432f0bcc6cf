/** `callbackd completion SHELL`: prints a completion script; the scripts ask back with `--keys`. */

import { loadConfiguration } from '../../app/load-configuration.ts';
import { message } from '../../messages/message.ts';
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

export const run: CommandRun = async (invocation, context, { commands }) => {
  const { print, translate } = context.terminal;
  if (invocation.options['keys'] === true) {
    const loaded = await loadConfiguration(readCommonFlags(invocation), context);
    if (!loaded.ok) return 'invalid_configuration';
    for (const key of loaded.configuration.desired.apps.keys()) print(`${key}\n`);
    return 'ok';
  }
  const format = FORMATS.get(invocation.args[0] ?? '');
  if (format === undefined) throw new UsageError(message('cli.name_a_shell'));
  print(format(listCompletions(commands, translate)));
  return 'ok';
};
