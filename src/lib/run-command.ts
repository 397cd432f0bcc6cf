/** Runs a command to its end with nothing but the given environment. Its output is not read, its time is bounded. */

import { execFile } from 'node:child_process';

const TIME_LIMIT_MS = 5_000;

/** Rejects when the command cannot be run, fails, or takes longer than five seconds. */
export function runCommand(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { env: { PATH: '/usr/bin:/bin', ...environment }, timeout: TIME_LIMIT_MS };
    execFile(command, [...args], options, (error) => (error === null ? resolve() : reject(error)));
  });
}
