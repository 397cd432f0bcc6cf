/**
 * How long a failed entry is not retried: exponential up to an hour, bound to the entry as it was written.
 * Pure.
 */

import type { Backoff } from '../model/state.ts';

/**
 * As long as the default settle time, so that an unknown create is not settled later because of its backoff.
 */
const BACKOFF_FIRST_MS = 10_000;
/**
 * Up to an hour, so that an entry whose receiver was repaired converges by itself.
 */
const BACKOFF_MAX_MS = 3_600_000;

/** The next backoff. A failure of another version of the entry does not count. Instants in milliseconds. */
export function nextBackoff(
  previous: Backoff | undefined,
  failed: {
    readonly at: number;
    readonly entryDigest: string;
    readonly reason: string;
    readonly retryAfterMs?: number;
  },
): Backoff {
  const isRepeat = previous !== undefined && previous.entryDigest === failed.entryDigest;
  const failures = (isRepeat ? previous.failures : 0) + 1;
  const exponential = Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), BACKOFF_MAX_MS);
  const waitMs = Math.max(exponential, Math.min(failed.retryAfterMs ?? 0, BACKOFF_MAX_MS));
  return { failures, until: failed.at + waitMs, entryDigest: failed.entryDigest, reason: failed.reason };
}
