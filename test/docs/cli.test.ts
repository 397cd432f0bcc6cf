/**
 * docs/cli.md is the catalogue of commands in prose. The page is rendered from the data and compared as a whole, so a flag that
 * is missing on either side is a failure; `npm run docs` writes the page again.
 */
import path from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/catalogue.ts';
import { EXIT_CODES } from '../../src/cli/command-line/exit-codes.ts';
import {
  type CommandHelp,
  describeCommand,
  describeOption,
  formatCommandHelp,
  formatOption,
  formatProgramHelp,
  type HelpId,
  type OptionHelp,
} from '../../src/cli/command-line/help-text.ts';
import { CONFIGURATION_OPTIONS } from '../../src/cli/command-line/options.ts';
import { HELP } from '../../src/messages/en/help.ts';
import { createTranslator, type Translate } from '../../src/messages/say.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/cli.md');
const translate = createTranslator('en');
const SHARED = new Set(CONFIGURATION_OPTIONS.map(({ flags }) => flags));

it('the page of commands says what the catalogue says, no less and no more', async () => {
  await expect(renderPage()).toMatchFileSnapshot(PAGE);
});

it('every command has an example that begins with its name', () => {
  const wrong = COMMANDS.filter(
    ({ name, examples }) =>
      examples.length === 0 || !examples.every((command) => command.includes(`callbackd ${name}`)),
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('no command takes a flag twice, and every flag is known by a long name', () => {
  const wrong = COMMANDS.filter(({ options }) => {
    const names = options.flatMap(({ flags }) => flags.match(/(?<=^|\s)--?[\w-]+/g) ?? []);
    return new Set(names).size !== names.length || !options.every(({ flags }) => /--\w/.test(flags));
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('every command, argument, flag and example has its words, and no words are left over', () => {
  const said = new Set<string>();
  const record = ((id: HelpId, ...params: []) => {
    said.add(id);
    return translate(id, ...params);
  }) as unknown as Translate;
  formatProgramHelp(COMMANDS, record);
  for (const spec of COMMANDS) formatCommandHelp(spec, record);
  expect([...said].filter((id) => id.startsWith('help.')).sort()).toEqual(Object.keys(HELP).sort());
});

function renderPage(): string {
  const codes = Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]);
  const parts = [
    '# Commands',
    '<!-- Rendered by test/docs/cli.test.ts from the specifications in src/cli and src/messages/en/help.ts; edit those instead. -->',
    'Results go to stdout, everything else to stderr; with `-o json` stdout holds one JSON document and nothing else. A flag beats ' +
      'the environment, which beats the file. Colour follows the terminal; `NO_COLOR` turns it off. The first Ctrl-C finishes what ' +
      'is in flight, the second ends at once.',
    '## Flags of every command that reads the configuration',
    formatTable(
      ['flag', 'does'],
      CONFIGURATION_OPTIONS.map((option) => renderOption(describeOption(option, translate))),
    ),
    ...COMMANDS.flatMap((spec) => renderCommand(describeCommand(spec, translate))),
    '## Exit codes',
    formatTable(['code', 'meaning'], codes),
    'Where several are true, the first of 64, 3, 5, 6, 1, 4, 2 is taken.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderCommand(spec: CommandHelp): string[] {
  const words = spec.arguments.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`));
  const own = spec.options.filter(({ flags }) => !SHARED.has(flags));
  const takesShared = own.length + SHARED.size <= spec.options.length;
  const some = spec.options.filter(({ flags }) => SHARED.has(flags));
  const listed = takesShared ? own : [...some, ...own];
  const args = spec.arguments.map(({ name, description, choices }) => [
    `\`${name}\``,
    choices === undefined ? description : `${description}: ${choices.join(', ')}`,
  ]);
  return [
    `## ${spec.name}`,
    `${capitalise(spec.summary)}. ${spec.description}`,
    ['```text', ['callbackd', spec.name, ...words].join(' '), '```'].join('\n'),
    ...(args.length === 0 ? [] : [formatTable(['argument', 'is'], args)]),
    ...(listed.length === 0 ? [] : [formatTable(['flag', 'does'], listed.map(renderOption))]),
    ...(takesShared ? ['It also takes the flags of every command that reads the configuration.'] : []),
    spec.examples.map(({ command, does }) => `- \`${command}\`: ${does}`).join('\n'),
  ];
}

function renderOption(option: OptionHelp): string[] {
  return [`\`${option.flags}\``, formatOption(option, translate)];
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
