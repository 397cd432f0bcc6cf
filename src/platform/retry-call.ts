/**
 * Repeats attempts, and bounds how much all calls repeat together. The loop is p-retry's. The waiting is
 * ours, because p-retry sleeps on the system's timer and draws from Math.random, and both are parameters
 * here; nor is p-retry given the signal: it would throw away the result of an attempt that ended after the
 * abort.
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
