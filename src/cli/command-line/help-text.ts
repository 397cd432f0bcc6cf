/** Help as text, from the command specifications. Pure. */

import type { CommandSpec } from './command-spec.ts';

/** What `callbackd --help` prints. */
export function formatProgramHelp(commands: readonly CommandSpec[]): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return [
    'callbackd keeps the callback apps of a Coze account in line with a YAML file.',
    '',
    'Usage: callbackd <command> [options]',
    '',
    'Commands:',
    ...formatRows([...rows, ['help [command]', 'print help']]),
    '',
    'Options:',
    ...formatRows([
      ['-V, --version', 'print the version'],
      ['-h, --help', 'print help'],
    ]),
    '',
    'First steps:',
    '  callbackd demo       see it work, without an account',
    '  callbackd init       write your first callbackd.yaml',
    '  callbackd plan       see what would change',
    '',
  ].join('\n');
}

/** What `callbackd <command> --help` prints. */
export function formatCommandHelp(spec: CommandSpec): string {
  const words = spec.arguments.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`));
  const usage = ['callbackd', spec.name, '[options]', ...words].join(' ');
  const options = spec.options.map(({ flags, description, choices, default: fallback }) => {
    const notes = [
      choices === undefined ? '' : `one of ${choices.join(', ')}`,
      fallback === undefined ? '' : `default ${fallback}`,
    ].filter((note) => note !== '');
    return [flags, notes.length === 0 ? description : `${description} (${notes.join('; ')})`] as const;
  });
  const section = (title: string, rows: readonly string[]) => (rows.length === 0 ? [] : ['', title, ...rows]);
  return [
    `${spec.name}: ${spec.summary}`,
    '',
    ...wrap(spec.description, 96),
    '',
    `Usage: ${usage}`,
    ...section(
      'Arguments:',
      formatRows(spec.arguments.map(({ name, description }) => [name, description] as const)),
    ),
    ...section('Options:', formatRows([...options, ['-h, --help', 'print this help']])),
    ...section(
      'Examples:',
      spec.examples.flatMap(({ command, does }) => [`  $ ${command}`, `      ${does}`]),
    ),
    '',
  ].join('\n');
}

function formatRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrap(right, Math.max(40, 96 - width));
    return [`  ${left.padEnd(width)}  ${first}`, ...rest.map((line) => `  ${''.padEnd(width)}  ${line}`)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}
