/** The completion script for fish. */

import type { CompletedCommand, CompletedOption, Place } from './list-words.ts';

/** Keys of the file that the line names, if any. */
const KEYS_FUNCTION = `function __callbackd_keys
  set -l words (commandline -opc)
  set -l at (contains -i -- -c $words; or contains -i -- --config $words)
  set -l config
  test -n "$at"; and set config --config $words[(math $at + 1)]
  callbackd completion --keys $config 2>/dev/null
end`;

export function formatFishScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const lines = [
    '# fish completion for callbackd. Load it with: callbackd completion fish | source',
    KEYS_FUNCTION,
    'complete -c callbackd -f',
    ...commands.map(
      ({ name, summary }) => `complete -c callbackd -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ),
    `complete -c callbackd -n __fish_use_subcommand -a help -d 'print help'`,
    `complete -c callbackd -n '__fish_seen_subcommand_from help' -a ${quote(names)}`,
    ...commands.flatMap(formatCommand),
  ];
  return `${lines.join('\n')}\n`;
}

function formatCommand({ name, options, arguments: places }: CompletedCommand): string[] {
  const head = `complete -c callbackd -n '__fish_seen_subcommand_from ${name}'`;
  const words = places.map(({ place }) => formatPlace(place)).filter((place) => place !== '');
  return [
    ...options.map((option) => `${head} ${formatOption(option)}`),
    ...words.map((place) => `${head} ${place}`),
  ];
}

function formatOption({ short, long, description, value }: CompletedOption): string {
  return [
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    ...(value === undefined
      ? []
      : [`${value.kind === 'path' ? '-r' : '-x'} ${formatPlace(value)}`.trimEnd()]),
    `-d ${quote(description)}`,
  ].join(' ');
}

function formatPlace(place: Place): string {
  switch (place.kind) {
    case 'words':
      return `-a ${quote(place.words.join(' '))}`;
    case 'key':
      return `-a '(__callbackd_keys)'`;
    case 'path':
      return '-F';
    case 'anything':
      return '';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
