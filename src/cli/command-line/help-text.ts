/** What `--help` prints. */

import { ENGLISH, type MessageId } from '../../messages/en.ts';
import type { Translate } from '../../messages/say.ts';
import { measure } from '../views/layout.ts';
import type { CommandSpec, OptionSpec } from './command-spec.ts';

/** What may stand alone on a line: a Chinese character, or a word; each with the punctuation and the space after it. */
const PIECES = /(?:\p{Script=Han}|[^\s\p{Script=Han}，。；：、！？）]+)[，。；：、！？）]*\s*/gu;

/** What `callbackd --help` prints. */
export function formatProgramHelp(commands: readonly CommandSpec[], translate: Translate): string {
  const rows = commands.map(({ name }) => [name, translate(`help.${name}.summary`)] as const);
  return [
    translate('help.program.about'),
    '',
    translate('help.program.usage'),
    '',
    translate('help.title.commands'),
    ...formatRows([...rows, ['help [command]', translate('help.program.help')]]),
    '',
    translate('help.title.options'),
    ...formatRows([
      ['-V, --version', translate('help.program.version')],
      ['-h, --help', translate('help.program.help')],
    ]),
    '',
    translate('help.title.first_steps'),
    `  callbackd demo       ${translate('help.program.first_demo')}`,
    `  callbackd init       ${translate('help.program.first_init')}`,
    `  callbackd plan       ${translate('help.program.first_plan')}`,
    '',
  ].join('\n');
}

/** What `callbackd <command> --help` prints. */
export function formatCommandHelp(spec: CommandSpec, translate: Translate): string {
  const help = describeCommand(spec, translate);
  const words = help.arguments.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`));
  const options = help.options.map((option) => [option.flags, formatOption(option, translate)] as const);
  const section = (title: string, rows: readonly string[]) => (rows.length === 0 ? [] : ['', title, ...rows]);
  return [
    `${help.name}: ${help.summary}`,
    '',
    ...wrap(help.description, 96),
    '',
    translate('labelled', {
      label: translate('help.title.usage'),
      value: ['callbackd', help.name, '[options]', ...words].join(' '),
    }),
    ...section(
      translate('help.title.arguments'),
      formatRows(help.arguments.map(({ name, description }) => [name, description] as const)),
    ),
    ...section(
      translate('help.title.options'),
      formatRows([...options, ['-h, --help', translate('help.option.help')]]),
    ),
    ...section(
      translate('help.title.examples'),
      help.examples.flatMap(({ command, does }) => [
        `  $ ${command}`,
        ...wrap(does, 94).map((line) => `      ${line}`),
      ]),
    ),
    '',
  ].join('\n');
}

/** The description with what the flag may be and is by default. */
export function formatOption(
  { description, choices, default: value }: OptionHelp,
  translate: Translate,
): string {
  const notes = [
    ...(choices === undefined ? [] : [translate('cli.help_one_of', { choices: choices.join(', ') })]),
    ...(value === undefined ? [] : [translate('cli.help_default', { value })]),
  ];
  return notes.length === 0
    ? description
    : translate('named', { name: description, id: translate('semicolon_list', { items: notes }) });
}

function formatRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrap(right, Math.max(40, 96 - width));
    return [`  ${left.padEnd(width)}  ${first}`, ...rest.map((line) => `  ${''.padEnd(width)}  ${line}`)];
  });
}

/** Breaks at spaces, and before or after a Chinese character; punctuation never begins a line. Widths are columns. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(PIECES) ?? []) {
    if (line !== '' && measure(line) + measure(piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = piece;
    } else {
      line += piece;
    }
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

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
