/** The terminal that commands talk to: standard streams in, lines and one question out. */

import { createInterface } from 'node:readline/promises';
import type { Terminal } from '../cli/ports.ts';
import type { Edge } from './edge.ts';

/** Where nobody says how wide the terminal is: long enough for a plan's lines, short enough for a log viewer. */
const WIDTH_DEFAULT = 100;

/** Colour follows the terminal, and obeys `NO_COLOR` and `FORCE_COLOR` (no-color.org). */
export function createTerminal({ stdin, stdout, stderr, environment, signals }: Edge): Terminal {
  const isSet = (name: string) => (environment[name] ?? '') !== '';
  return {
    print: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    isInteractive: stdin.isTTY === true && stdout.isTTY === true,
    isLive: stderr.isTTY === true && environment['TERM'] !== 'dumb',
    color: isSet('FORCE_COLOR') || (stdout.isTTY === true && !isSet('NO_COLOR')),
    width: stdout.columns ?? WIDTH_DEFAULT,
    async confirm(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        const answer = await lines.question(question, { signal: signals.interrupted });
        return ['y', 'yes'].includes(answer.trim().toLowerCase());
      } finally {
        lines.close();
      }
    },
  };
}
