/** The completion script for bash 3.2 and newer. */

import type { CompletedCommand, Place } from './list-words.ts';

export function formatBashScript(commands: readonly CompletedCommand[]): string {
  const names = [...commands.map(({ name }) => name), 'help', '--help', '--version'];
  return `# bash completion for callbackd. Load it with: source <(callbackd completion bash)
_callbackd_keys() {
  local i config=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in -c | --config) config=(--config "\${COMP_WORDS[i+1]}") ;; esac
  done
  callbackd completion --keys \${config[@]+"\${config[@]}"} 2>/dev/null
}
_callbackd() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} IFS=$'\\n'
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W ${quoteWords(names)} -- "$cur"))
    return
  fi
  case "$command $prev" in
${commands.flatMap(formatValues).join('\n')}
  esac
  case "$command" in
    help) COMPREPLY=($(compgen -W ${quoteWords(commands.map(({ name }) => name))} -- "$cur")) ;;
${commands.map(formatCommand).join('\n')}
  esac
}
complete -F _callbackd callbackd
`;
}

function formatValues({ name, options }: CompletedCommand): string[] {
  return options.flatMap(({ short, long, value }) => {
    if (value === undefined) return [];
    const pattern = [...(short === undefined ? [] : [short]), long]
      .map((flag) => `'${name} ${flag}'`)
      .join('|');
    return [`    ${pattern}) ${formatPlace(value)}; return ;;`];
  });
}

function formatCommand({ name, options, arguments: places }: CompletedCommand): string {
  const flags = options.map(({ long }) => long);
  const [first] = places;
  return `    ${name})
      if [[ "$cur" == -* ]]; then COMPREPLY=($(compgen -W ${quoteWords(flags)} -- "$cur"))
      else ${first === undefined ? ':' : formatPlace(first.place)}; fi ;;`;
}

function formatPlace(place: Place): string {
  switch (place.kind) {
    case 'words':
      return `COMPREPLY=($(compgen -W ${quoteWords(place.words)} -- "$cur"))`;
    case 'key':
      return 'COMPREPLY=($(compgen -W "$(_callbackd_keys)" -- "$cur"))';
    case 'path':
      return 'COMPREPLY=($(compgen -f -- "$cur"))';
    case 'anything':
      return ':';
  }
}

/** One word to a line, as IFS says. */
function quoteWords(words: readonly string[]): string {
  return `$'${words.join('\\n')}'`;
}
