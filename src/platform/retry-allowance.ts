/**
 * Bounds how much retrying all calls do together: while the platform is down, a hundred entries must not each try four
 * times. Failures draw from a small store, successes refill it; an empty store means first attempts only.
 */

/** Retries in a row that the whole process may make, and what a success gives back. As in gRPC's retry throttling. */
const STORE_MAX = 20;
const REFILL = 0.5;

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
