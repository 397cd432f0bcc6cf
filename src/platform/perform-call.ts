/**
 * One call of the API from beginning to end: attempted, and repeated where that is safe. A create that may
 * have been processed is never repeated.
 */

import type { CallContext } from '../model/calls.ts';
import { CredentialsError } from '../model/credentials.ts';
import type { Secret } from '../model/secret.ts';
import { type AttemptDeps, AttemptError, attemptCall, type Call } from './attempt-call.ts';
import { describeFailure } from './describe-failure.ts';
import { ERROR_CASES } from './error-catalogue.ts';
import { backoffMs, type RetryAllowance, retryCall } from './retry-call.ts';

export interface CallDeps extends AttemptDeps {
  readonly retries: RetryAllowance;
  readonly random: () => number;
}

/** Attempts at one call when it keeps failing, and when the platform merely asks for fewer requests. */
const ATTEMPTS_MAX = 4;
const PACED_ATTEMPTS_MAX = 8;
/** First and longest pause between attempts, before jitter. */
const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 8_000;

export async function performCall<Result>(
  call: Call<Result>,
  context: CallContext,
  deps: CallDeps,
): Promise<Result> {
  let sent = 0;
  let last: AttemptError | undefined;
  let isRenewed = false;

  async function attempt(): Promise<Result> {
    try {
      return await attemptCall(call, { context, deps, nextAttempt: () => ++sent });
    } catch (error) {
      if (!(error instanceof AttemptError)) throw error;
      last = chooseTelling(last, error);
      throw last;
    }
  }

  async function waitBeforeNext(failure: Error): Promise<number | undefined> {
    if (!(failure instanceof AttemptError)) return undefined;
    const { caseName, retryAfterMs } = failure.failed;
    const { kind, repeat, slowDown, mayBeProcessed } = ERROR_CASES[caseName];
    if ((kind === 'auth' || kind === 'permission') && failure.token !== undefined && !isRenewed) {
      isRenewed = true;
      return (await renewToken(failure.token, deps)) ? 0 : undefined;
    }
    if (!repeat || (mayBeProcessed && call.operation === 'create_app')) return undefined;
    if (sent >= (slowDown ? PACED_ATTEMPTS_MAX : ATTEMPTS_MAX)) return undefined;
    if (!slowDown && !deps.retries.take()) return undefined;
    const pauseMs = backoffMs(sent, { baseMs: BACKOFF_BASE_MS, capMs: BACKOFF_CAP_MS, random: deps.random });
    return Math.max(pauseMs, retryAfterMs ?? 0);
  }

  const rule = {
    attemptsMax: PACED_ATTEMPTS_MAX + 1,
    waitBeforeNext,
    clock: deps.clock,
    signal: context.signal,
  };
  try {
    const result = await retryCall(attempt, rule);
    deps.retries.refill();
    return result;
  } catch (error) {
    if (!(error instanceof AttemptError)) throw error;
    throw describeFailure(error.failed, { operation: call.operation, attempts: sent, baseUrl: deps.baseUrl });
  }
}

/**
 * An attempt that was not sent says nothing about the one before it: that it was lost, or refused, is what is
 * known of the call. A gate's refusal only gives way to an attempt that may have been processed.
 */
function chooseTelling(last: AttemptError | undefined, error: AttemptError): AttemptError {
  if (last === undefined) return error;
  if (error.failed.caseName === 'stopped') return last;
  const isKept = error.failed.refused !== undefined && ERROR_CASES[last.failed.caseName].mayBeProcessed;
  return isKept ? last : error;
}

/** The refusal stands when there is no other token, and also when looking for one fails. */
async function renewToken(refused: Secret, deps: CallDeps): Promise<boolean> {
  try {
    return await deps.tokens.renew(refused);
  } catch (error) {
    if (error instanceof CredentialsError) return false;
    throw error;
  }
}
