/**
 * One call of the API from beginning to end: attempted, and repeated where that is safe. A create that may
 * have been processed is never repeated.
 */

import pRetry from 'p-retry';
import type { Clock } from '../lib/clock.ts';
import type { CallContext } from '../model/calls.ts';
import { CredentialsError } from '../model/credentials.ts';
import type { Secret } from '../model/secret.ts';
import { type AttemptDeps, AttemptError, attemptCall, type Call } from './attempt-call.ts';
import { describeFailure } from './describe-failure.ts';
import { ERROR_CASES } from './error-catalogue.ts';

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

export interface RetryOptions {
  readonly attemptsMax: number;
  /** How long to wait before the next attempt, or `undefined` to let the failure stand. */
  readonly waitBeforeNext: (failure: Error, attempt: number) => Promise<number | undefined>;
  readonly clock: Clock;
  /** Ends the waiting: the last failure then stands. */
  readonly signal: AbortSignal;
}

/**
 * The loop is p-retry's. The waiting is ours, because p-retry sleeps on the system's timer and draws from
 * Math.random, and both are parameters here; nor is it given the signal: it would throw away the result of
 * an attempt that ended after the abort. `attempt` gets the number of the attempt, from 1. Rejects with the
 * failure of the last attempt.
 */
export function retryCall<Result>(
  attempt: (attempt: number) => Promise<Result>,
  { attemptsMax, waitBeforeNext, clock, signal }: RetryOptions,
): Promise<Result> {
  return pRetry(attempt, {
    retries: attemptsMax - 1,
    minTimeout: 0,
    maxTimeout: 0,
    shouldRetry: async ({ error, attemptNumber }) => {
      if (signal.aborted) return false;
      const waitMs = await waitBeforeNext(error, attemptNumber);
      if (waitMs === undefined) return false;
      return waitMs <= 0 || (await sleptThrough(waitMs, clock, signal));
    },
  });
}

async function sleptThrough(waitMs: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(waitMs, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/**
 * Exponential with full jitter: anything between nothing and `baseMs` doubled per attempt, at most `capMs`.
 */
export function backoffMs(
  attempt: number,
  {
    baseMs,
    capMs,
    random,
  }: { readonly baseMs: number; readonly capMs: number; readonly random: () => number },
): number {
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** (attempt - 1)));
}

/**
 * Retries in a row that the whole process may make, and what a success gives back. As in gRPC's retry
 * throttling.
 */
const STORE_MAX = 20;
const REFILL = 0.5;

/**
 * While the platform is down, a hundred entries must not each try four times: an empty store means first
 * attempts only.
 */
export interface RetryAllowance {
  /** Takes one retry from the store; false when there is none. */
  take(): boolean;
  /** A call succeeded. */
  refill(): void;
}

export function createRetryAllowance(): RetryAllowance {
  let store = STORE_MAX;
  return {
    take() {
      if (store < 1) return false;
      store -= 1;
      return true;
    },
    refill() {
      store = Math.min(STORE_MAX, store + REFILL);
    },
  };
}
