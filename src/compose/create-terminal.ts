/** The terminal that commands talk to: standard streams in, lines and questions out. */

import { createInterface, type ReadLineOptions } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Terminal } from '../cli/ports.ts';
import type { Edge } from './edge.ts';

/** Where nobody says how wide the terminal is: long enough for a plan's lines, short enough for a log viewer. */
const WIDTH_DEFAULT = 100;

/** Colour follows the terminal, and obeys `NO_COLOR` and `FORCE_COLOR` (no-color.org). */
export function createTerminal(edge: Edge): Terminal {
  const { stdin, stdout, stderr, environment } = edge;
  const isSet = (name: string) => (environment[name] ?? '') !== '';
  return {
    print: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    isInteractive: stdin.isTTY === true && stdout.isTTY === true,
    isLive: stderr.isTTY === true && environment['TERM'] !== 'dumb',
    color: isSet('FORCE_COLOR') || (stdout.isTTY === true && !isSet('NO_COLOR')),
    width: stdout.columns ?? WIDTH_DEFAULT,
    async confirm(question) {
      const answer = await askLine(question, edge, { output: stderr });
      return ['y', 'yes'].includes(answer.trim().toLowerCase());
    },
    ask: (question) => askLine(question, edge, { output: stderr }),
    async askHidden(question) {
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      // The question comes when the echo is off: whoever answers at once must not see it.
      const whenReady = () => void stderr.write(question);
      try {
        return await askLine('', edge, { output: nowhere, terminal: true }, whenReady);
      } finally {
        stderr.write('\n');
      }
    },
    readInput: () => text(stdin),
  };
}

/** One line. Ctrl-C and Ctrl-D end the question, and with it the command, as a signal would. */
async function askLine(
  question: string,
  { stdin, signals }: Edge,
  options: Pick<ReadLineOptions, 'output' | 'terminal'>,
  whenReady = () => {},
): Promise<string> {
  const lines = createInterface({ input: stdin, ...options });
  whenReady();
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new DOMException('the question was not answered', 'AbortError')));
  });
  try {
    return await Promise.race([lines.question(question, { signal: signals.interrupted }), ended]);
  } finally {
    lines.close();
  }
}
