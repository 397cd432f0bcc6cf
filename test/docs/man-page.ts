/**
 * The manual page as roff, from the same specifications as --help. Pure, and plain ASCII: what is not is written as a
 * character escape, so that no locale spoils it.
 */

import type { CommandHelp, OptionHelp } from '../../src/cli/command-line/help-text.ts';

export interface ManPageParts {
  readonly version: string;
  readonly commands: readonly CommandHelp[];
  /** The flags that are told once, apart from the commands that take all of them. */
  readonly shared: readonly OptionHelp[];
  readonly exits: readonly { readonly code: number; readonly meaning: string }[];
  /** Name, and what it stands for. */
  readonly environment: readonly (readonly [string, string])[];
}

const FILES: readonly (readonly [string, string])[] = [
  ['./callbackd.yaml, /etc/callbackd/callbackd.yaml', 'the configuration, where none is named'],
  ['/etc/callbackd/coze_token', 'the API token, which the systemd unit hands over; mode 0600'],
  ['/var/lib/callbackd', 'the state and the history'],
  ['/run/callbackd/control.sock', 'the control socket of the daemon'],
];

const INTRODUCTION = [
  'callbackd keeps the callback apps of a Coze account in line with a YAML file. It is a daemon for an ops host and a tool for ' +
    'the command line over the same engine: both show what they would do, never create an app twice, and delete only what they own.',
  'Results go to standard output, everything else to standard error; with `-o json` standard output holds one JSON document and ' +
    'nothing else. A flag beats the environment, which beats the file. The first Ctrl-C finishes what is in flight, the second ' +
    'ends at once.',
];

export function formatManPage({ version, commands, shared, exits, environment }: ManPageParts): string {
  const lines = [
    '.\\" Rendered by test/docs/man.test.ts from the specifications in src/cli and src/messages/en/help.ts; edit those instead.',
    `.TH CALLBACKD 1 "" ${quoted(`callbackd ${version}`)} "User Commands"`,
    '.SH NAME',
    'callbackd \\- keeps the callback apps of a Coze account in line with a YAML file',
    '.SH SYNOPSIS',
    '.B callbackd',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    ...formatParagraphs(INTRODUCTION),
    '.SH COMMANDS',
    ...commands.flatMap((spec) => formatCommand(spec, shared)),
    '.SH COMMON OPTIONS',
    ...shared.flatMap(formatOption),
    '.SH EXIT STATUS',
    ...formatItems(exits.map(({ code, meaning }) => [String(code), meaning])),
    '.SH ENVIRONMENT',
    ...formatItems(environment),
    '.SH FILES',
    ...formatItems(FILES),
    '.SH SEE ALSO',
    'The pages in',
    '.IR /usr/share/doc/callbackd ,',
    'and',
    '.BR systemctl (1),',
    '.BR journalctl (1).',
  ];
  return `${lines.join('\n')}\n`;
}

function formatCommand(spec: CommandHelp, shared: readonly OptionHelp[]): string[] {
  const words = spec.arguments.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`));
  const isShared = ({ flags, description }: OptionHelp) =>
    shared.some((option) => option.flags === flags && option.description === description);
  const own = spec.options.filter((option) => !isShared(option));
  const takesShared = own.length + shared.length === spec.options.length;
  const listed = takesShared ? own : spec.options;
  return [
    `.SS ${quoted(['callbackd', spec.name, ...words].join(' '))}`,
    ...formatParagraphs([`${capitalise(spec.summary)}. ${spec.description}`]),
    ...formatItems(
      spec.arguments.map(({ name, description, choices }) => [name, note(description, { choices })]),
    ),
    ...listed.flatMap(formatOption),
    ...(takesShared ? ['.PP', 'It also takes the common options below.'] : []),
    ...spec.examples.flatMap(({ command, does }) => [
      '.PP',
      `${escapeText(capitalise(does))}:`,
      '.PP',
      '.RS 4',
      '.EX',
      escapeText(command),
      '.EE',
      '.RE',
    ]),
  ];
}

function formatOption({ flags, description, choices, default: fallback }: OptionHelp): string[] {
  return formatItems([[flags, note(description, { choices, fallback })]]);
}

function note(
  text: string,
  { choices, fallback }: { choices?: readonly string[] | undefined; fallback?: string | undefined },
): string {
  const notes = [
    ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
    ...(fallback === undefined ? [] : [`default ${fallback}`]),
  ];
  return notes.length === 0 ? text : `${text} (${notes.join('; ')})`;
}

/** A term in bold, and what it means beneath. */
function formatItems(items: readonly (readonly [string, string])[]): string[] {
  return items.flatMap(([term, meaning]) => ['.TP', `.B ${quoted(term)}`, prose(meaning)]);
}

function formatParagraphs(paragraphs: readonly string[]): string[] {
  return paragraphs.flatMap((text, index) => [...(index === 0 ? [] : ['.PP']), prose(text)]);
}

/** One sentence to a line, as roff wants it; what stands in backticks becomes bold. */
function prose(text: string): string {
  return text
    .split(/(?<=[.;:]) (?=[A-Z])/)
    .map((sentence) => protect(escapeText(sentence).replaceAll(/\\\(ga(.+?)\\\(ga/g, '\\fB$1\\fR')))
    .join('\n');
}

/** A line that begins with a dot or an apostrophe would be a request. */
function protect(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

/** An argument of a macro. */
function quoted(text: string): string {
  return `"${escapeText(text)}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

function escapeText(text: string): string {
  return Array.from(text, (character) => {
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    const point = character.codePointAt(0) ?? 0;
    return point < 0x80 ? character : `\\[u${point.toString(16).toUpperCase().padStart(4, '0')}]`;
  }).join('');
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
