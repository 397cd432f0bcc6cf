/** The completion script for zsh. */

import type { CompletedCommand, CompletedOption, Place } from './list-words.ts';

export function formatZshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef callbackd
# zsh completion for callbackd. Load it with: source <(callbackd completion zsh)
_callbackd_keys() {
  local -a keys config
  local at=\${words[(I)(-c|--config)]}
  (( at )) && config=(--config \${(Q)words[at + 1]})
  keys=(\${(f)"$(callbackd completion --keys $config 2>/dev/null)"})
  compadd -a keys
}
_callbackd() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    help) _describe command commands ;;
${commands.map(formatCommand).join('\n')}
  esac
}
if [[ $funcstack[1] == _callbackd ]]; then _callbackd "$@"; else compdef _callbackd callbackd; fi
`;
}

function formatCommand({ name, options, arguments: places }: CompletedCommand): string {
  const lines = [
    ...options.flatMap(formatOption),
    ...places.map(({ name: what, place }) => quote(`::${what}:${formatPlace(place)}`)),
  ];
  return [`    ${name}) _arguments \\`, ...lines.map((line) => `      ${line} \\`), '      ;;'].join('\n');
}

function formatOption({ short, long, description, value }: CompletedOption): string[] {
  const text = description.replaceAll(/[[\]:]/g, (character) => `\\${character}`);
  const rest = `[${text}]${value === undefined ? '' : `:value:${formatPlace(value)}`}`;
  const flags = short === undefined ? [long] : [short, long];
  return flags.map((flag) => quote(`(${flags.join(' ')})${flag}${rest}`));
}

function formatPlace(place: Place): string {
  switch (place.kind) {
    case 'words':
      return `(${place.words.join(' ')})`;
    case 'key':
      return '_callbackd_keys';
    case 'path':
      return '_files';
    case 'anything':
      return ' ';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
