/** Known failures, put into words with their exit. What is not known is a bug and stays an exception. */

import { AppFailure, asAppFailure } from '../../app/failure.ts';
import { nearestWord } from '../../lib/nearest-word.ts';
import { type Message, message, verbatim } from '../../messages/message.ts';
import { say, type Translate } from '../../messages/say.ts';
import { type FailureDetails, PlatformError } from '../../model/calls.ts';
import { UsageError } from './command-spec.ts';
import { EXIT_CODES, type ExitName } from './exit-codes.ts';

export interface Explanation {
  readonly exit: ExitName;
  readonly problem: Message;
  /** Facts and advice, one line each. */
  readonly more: readonly Message[];
}

const INTERRUPTED: Explanation = {
  exit: 'failed',
  problem: message('cli.interrupted'),
  more: [message('cli.interrupted_advice')],
};

/** Undefined for a bug. */
export function explainFailure(error: unknown): Explanation | undefined {
  if (error instanceof UsageError) return { exit: 'usage', problem: error.problem, more: [] };
  const failure = asAppFailure(error);
  if (failure !== undefined) return { exit: failure.kind, problem: failure.problem, more: failure.advice };
  if (error instanceof PlatformError) return explainPlatformError(error.details);
  return error instanceof Error && error.name === 'AbortError' ? INTERRUPTED : undefined;
}

/** As it stands on stderr. */
export function formatFailure({ problem, more }: Explanation, translate: Translate): string {
  const lines = more.map((line) => `  ${translate(line)}`);
  return [translate('cli.error', { problem }), ...lines, ''].join('\n');
}

/** The one document on stdout when JSON was asked for. */
export function formatFailureJson({ exit, problem, more }: Explanation): string {
  const { code } = EXIT_CODES[exit];
  const error = { exit_code: code, message: say(problem), details: more.map((line) => say(line)) };
  return `${JSON.stringify({ format_version: 1, error }, null, 2)}\n`;
}

function explainPlatformError(details: FailureDetails): Explanation {
  if (details.kind === 'aborted') return INTERRUPTED;
  const { status, code, logid, attempts, advice } = details;
  const facts = [
    ...(status === undefined ? [] : [message('cli.http_status', { status })]),
    ...(code === undefined ? [] : [verbatim(`code ${code}`)]),
    ...(logid === undefined ? [] : [verbatim(`logid ${logid}`)]),
    ...(attempts > 1 ? [message('cli.attempts', { count: attempts })] : []),
  ];
  return {
    exit: details.kind === 'auth' ? 'credentials_refused' : 'failed',
    problem: details.message,
    more: [
      ...(facts.length > 0 ? [message('cli.facts', { facts })] : []),
      ...(advice === undefined ? [] : [advice]),
    ],
  };
}

/** For a key of which nothing is known. `keys`: those of the file and of the state. */
export function refuseKey(key: string, keys: readonly string[]): AppFailure {
  const near = nearestWord(key, keys);
  return new AppFailure('failed', message('cli.unknown_key', { key: JSON.stringify(key) }), [
    near === undefined ? message('cli.unknown_key_advice') : message('cli.did_you_mean', { near }),
  ]);
}
