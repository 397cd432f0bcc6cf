/** The output of a command that only tells something. Its time and the size of its answer are bounded. */

import { execFile } from 'node:child_process';

const ANSWER_WITHIN_MS = 10_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** What it wrote to stdout; undefined where it is not there, fails or takes too long. */
export function readCommand(command: string, words: readonly string[]): Promise<string | undefined> {
  const options = { timeout: ANSWER_WITHIN_MS, maxBuffer: ANSWER_BYTES_MAX, encoding: 'utf8' } as const;
  return new Promise((resolve) => {
    execFile(command, [...words], options, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}
