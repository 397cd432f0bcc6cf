/** A command's specification with its texts in one language. */

import { ENGLISH, type MessageId } from '../../messages/en.ts';
import type { Translate } from '../../messages/say.ts';
import type { CommandSpec, OptionSpec } from './command-spec.ts';

/** Help is plain text, without parameters. */
export type HelpId = Extract<MessageId, `help.${string}`>;

export interface OptionHelp extends OptionSpec {
  readonly description: string;
}

export interface CommandHelp {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly arguments: readonly (CommandSpec['arguments'][number] & { readonly description: string })[];
  readonly options: readonly OptionHelp[];
  readonly examples: readonly { readonly command: string; readonly does: string }[];
}

/** Throws where a word is missing; a test holds that none is. */
export function describeCommand(spec: CommandSpec, translate: Translate): CommandHelp {
  const { name } = spec;
  return {
    name,
    summary: translate(`help.${name}.summary`),
    description: translate(`help.${name}.description`),
    arguments: spec.arguments.map((argument) => ({
      ...argument,
      description: translate(findId(`help.${name}.argument.${snake(argument.name)}`)),
    })),
    options: spec.options.map((option) => describeOption(option, translate, name)),
    examples: spec.examples.map((command, index) => ({
      command,
      does: translate(findId(`help.${name}.example.${index + 1}`)),
    })),
  };
}

/** The command's own words for the flag, else those that commands share. */
export function describeOption(option: OptionSpec, translate: Translate, command = ''): OptionHelp {
  const long = snake(/--([\w-]+)/.exec(option.flags)?.[1] ?? '');
  return {
    ...option,
    description: translate(findId(`help.${command}.option.${long}`, `help.option.${long}`)),
  };
}

function findId(...ids: readonly string[]): HelpId {
  const id = ids.find(isHelpId);
  if (id === undefined) throw new Error(`src/messages/en/help.ts has no ${ids.join(' and no ')}`);
  return id;
}

function isHelpId(id: string): id is HelpId {
  return Object.hasOwn(ENGLISH, id);
}

function snake(name: string): string {
  return name.replaceAll('-', '_');
}
