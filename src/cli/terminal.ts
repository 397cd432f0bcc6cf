/** The terminal that commands talk to. Commands never write to a stream directly. */

import { createInterface, type ReadLineOptions } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Context } from '../app/context.ts';
import { forTerminal } from '../lib/printable.ts';
import { createTranslator, type Translate } from '../messages/say.ts';

/**
 * Where nobody says how wide the terminal is: long enough for a plan's lines, short enough for a log viewer.
 */
const WIDTH_DEFAULT = 100;

/** Where people read. Results go to `print`, everything else to `note`. */
export interface Terminal {
  print(text: string): void;
  note(text: string): void;
  readonly isInteractive: boolean;
  /** Whether somebody watches what `note` writes, so that a line may be rewritten in place. */
  readonly isLive: boolean;
  readonly color: boolean;
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number;
  /** Puts messages into the words of the person's language. */
  readonly translate: Translate;
  /** Asks a yes/no question; only `yes` (or `y`) counts as yes. */
  confirm(question: string): Promise<boolean>;
  /** Asks for a line. */
  ask(question: string): Promise<string>;
  /** Asks for a line that nobody shall see. */
  askHidden(question: string): Promise<string>;
  /** All of standard input. */
  readInput(): Promise<string>;
}

/** Colour follows the terminal, and obeys `NO_COLOR` and `FORCE_COLOR` (no-color.org). */
export function createTerminal(context: Context): Terminal {
  const { stdin, stdout, stderr, environment } = context;
  const isSet = (name: string) => (environment[name] ?? '') !== '';
  return {
    print: (text) => void stdout.write(stdout.isTTY === true ? forTerminal(text) : text),
    note: (text) => void stderr.write(stderr.isTTY === true ? forTerminal(text) : text),
    isInteractive: stdin.isTTY === true && stdout.isTTY === true,
    isLive: stderr.isTTY === true && environment['TERM'] !== 'dumb',
    color: isSet('FORCE_COLOR') || (stdout.isTTY === true && !isSet('NO_COLOR')),
    width: stdout.columns ?? WIDTH_DEFAULT,
    translate: createTranslator(context.language),
    async confirm(question) {
      const answer = await askLine(question, context, { output: stderr });
      return answer.trim() === 'yes';
    },
    ask: (question) => askLine(question, context, { output: stderr }),
    async askHidden(question) {
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      // Ask only once echo is off, so that a fast answer is not shown.
      const whenReady = () => void stderr.write(question);
      try {
        return await askLine('', context, { output: nowhere, terminal: true }, whenReady);
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
  { stdin, signals }: Context,
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
