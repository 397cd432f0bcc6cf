/** Commands of the host, bounded in time. */

import { execFile } from 'node:child_process';

/** For a command that does something. */
const TIME_LIMIT_MS = 5_000;

/**
 * Runs a command with nothing but the given environment. Rejects when it cannot be run, fails, or takes
 * longer than 5 s.
 */
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

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command of the host needs to work; nothing in which a secret could be. */
const PLAIN_VARIABLES = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_MESSAGES',
  'TZ',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'SystemRoot',
];

export function plainEnvironment(environment: Environment): Record<string, string> {
  const kept = PLAIN_VARIABLES.map((name) => [name, environment[name]]).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

/** For a command that only prints something. */
const ANSWER_WITHIN_MS = 10_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** What it wrote to stdout; undefined where it is not there, fails or takes too long. */
export function readCommand(
  command: string,
  words: readonly string[],
  environment: Environment,
): Promise<string | undefined> {
  const options = {
    env: plainEnvironment(environment),
    timeout: ANSWER_WITHIN_MS,
    maxBuffer: ANSWER_BYTES_MAX,
    encoding: 'utf8',
  } as const;
  return new Promise((resolve) => {
    execFile(command, [...words], options, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}
