/** Turns a known failure into one clear message and its exit. What is not known is a bug and stays an exception. */

import { asAppFailure } from '../../app/failure.ts';
import { nearestWord } from '../../lib/nearest-word.ts';
import { say } from '../../messages/say.ts';
import { type FailureDetails, PlatformError } from '../../model/calls.ts';
import { CommandFailure } from '../command-failure.ts';
import { UsageError } from './command-spec.ts';
import { EXIT_CODES, type ExitName } from './exit-codes.ts';

export interface Explanation {
  readonly exit: ExitName;
  readonly message: string;
  /** Facts and advice, one line each. */
  readonly more: readonly string[];
}

const INTERRUPTED: Explanation = {
  exit: 'failed',
  message: 'interrupted',
  more: ['Nothing is lost: run the same command again to go on.'],
};

export function explainFailure(error: unknown): Explanation | undefined {
  if (error instanceof UsageError) return { exit: 'usage', message: error.message, more: [] };
  if (error instanceof CommandFailure) {
    return { exit: error.exit, message: error.message, more: error.advice };
  }
  const failure = asAppFailure(error);
  if (failure !== undefined) {
    return { exit: failure.kind, message: failure.message, more: failure.advice.map((line) => say(line)) };
  }
  if (error instanceof PlatformError) return explainPlatformError(error.details);
  return error instanceof Error && error.name === 'AbortError' ? INTERRUPTED : undefined;
}

/** As it stands on stderr. */
export function formatFailure({ message, more }: Explanation): string {
  return [`error: ${message}`, ...more.map((line) => `  ${line}`), ''].join('\n');
}

/** As the one document that stands on stdout when JSON was asked for. */
export function formatFailureJson({ exit, message, more }: Explanation): string {
  const { code } = EXIT_CODES[exit];
  return `${JSON.stringify({ format_version: 1, error: { exit_code: code, message, details: more } }, null, 2)}\n`;
}

function explainPlatformError(details: FailureDetails): Explanation {
  if (details.kind === 'aborted') return INTERRUPTED;
  const facts = [
    details.status === undefined ? '' : `HTTP status ${details.status}`,
    details.code === undefined ? '' : `code ${details.code}`,
    details.logid === undefined ? '' : `logid ${details.logid}`,
    details.attempts > 1 ? `${details.attempts} attempts` : '',
  ].filter((fact) => fact !== '');
  return {
    exit: details.kind === 'auth' ? 'credentials_refused' : 'failed',
    message: say(details.message),
    more: [
      ...(facts.length > 0 ? [facts.join(', ')] : []),
      ...(details.advice === undefined ? [] : [say(details.advice)]),
    ],
  };
}

/** `keys`: those of the file and of the state. */
export function refuseKey(key: string, keys: readonly string[]): CommandFailure {
  const near = nearestWord(key, keys);
  return new CommandFailure('failed', `nothing is known of an entry ${JSON.stringify(key)}`, [
    near === undefined ? 'it is in neither the file, the state nor the history' : `did you mean ${near}?`,
  ]);
}
