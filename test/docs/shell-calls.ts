/** Finds the calls of callbackd in shell text, as the words that callbackd would be given. It runs nothing. */

/** Who stands before a command and leaves it in command position. */
const PREFIXES = new Set(['exec', 'npx', 'sudo', 'time']);
/** The last words of these are a command for somewhere else. */
const CARRIER = /^(docker|podman) (run|exec) /;
/** A quoted text, an escaped character, an end of a command, or plain characters. */
const TOKEN = /'[^']*'|"(?:\\.|[^"\\])*"|\\.|\$\(|&&|\|\||[;|&()`\n]|[^\s;|&()`'"\\]+|[^\S\n]+/gs;
const ENDS = new Set(['$(', '&&', '||', ';', '|', '&', '(', ')', '`', '\n']);

/** The words of each call, without redirections. */
export function findCalls(script: string): readonly (readonly string[])[] {
  return splitCommands(withoutHereDocuments(script)).flatMap((words) => {
    const start = words.findIndex((word) => !PREFIXES.has(word) && !/^[A-Za-z_]\w*=/.test(word));
    const at = CARRIER.test(words.join(' ')) ? words.lastIndexOf('callbackd') : start;
    const call = words[at] === 'callbackd' ? withoutRedirections(words.slice(at + 1)) : [];
    return call.length === 0 ? [] : [call];
  });
}

function splitCommands(script: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (const [token] of script
    .replaceAll(/\\\n/g, ' ')
    .replaceAll(/(^|\s)#.*$/gm, '$1')
    .matchAll(TOKEN)) {
    if (ENDS.has(token)) {
      endWord();
      commands.push([]);
      continue;
    }
    if (/^\s/.test(token)) endWord();
    else word = `${word ?? ''}${unquote(token)}`;
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

function unquote(token: string): string {
  if (/^['"]/.test(token)) return token.slice(1, -1);
  return token.startsWith('\\') ? token.slice(1) : token;
}

function withoutRedirections(words: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (/^\d*[<>]+$/.test(word)) index += 1;
    else if (!/^\d*[<>]/.test(word)) kept.push(word);
  }
  return kept;
}

function withoutHereDocuments(script: string): string {
  return script.replaceAll(/<<-?\s*['"]?(\w+)['"]?(.*)\n[\s\S]*?\n\1$/gm, '$2');
}
