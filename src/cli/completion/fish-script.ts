/** The completion script for fish. Pure. */

import type { CompletedCommand, CompletedOption, Place } from './list-words.ts';

const KEYS = '(callbackd completion --keys 2>/dev/null)';

export function formatFishScript(commands: readonly CompletedCommand[]): string {
  const lines = [
    '# fish completion for callbackd. Load it with: callbackd completion fish | source',
    'complete -c callbackd -f',
    ...commands.map(
      ({ name, summary }) => `complete -c callbackd -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ),
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
    ...(value === undefined ? [] : [`-r ${formatPlace(value)}`.trimEnd()]),
    `-d ${quote(description)}`,
  ].join(' ');
}

function formatPlace(place: Place): string {
  switch (place.kind) {
    case 'words':
      return `-a ${quote(place.words.join(' '))}`;
    case 'key':
      return `-a ${quote(KEYS)}`;
    case 'path':
      return '-F';
    case 'anything':
      return '';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
