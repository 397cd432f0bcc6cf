/**
 * Repeats an attempt until it succeeds or the caller's rule says no. The loop is p-retry's; the waiting is ours, because
 * p-retry sleeps on the system's timer and draws from Math.random, and time and randomness are parameters here. For the
 * same reason p-retry is not given the signal: it would throw away the result of an attempt that ended after the abort.
 */
import pRetry from 'p-retry';
import type { Clock } from '../lib/clock.ts';

export interface RetryOptions {
  readonly attemptsMax: number;
  /** How long to wait before the next attempt, or `undefined` to let the failure stand. */
  readonly waitBeforeNext: (failure: Error, attempt: number) => Promise<number | undefined>;
  readonly clock: Clock;
  /** Ends the waiting: the last failure then stands. */
  readonly signal: AbortSignal;
}

/** `attempt` gets the number of the attempt, from 1. Rejects with the failure of the last attempt. */
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

/** Exponential with full jitter: anything between nothing and `baseMs` doubled per attempt, at most `capMs`. */
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
