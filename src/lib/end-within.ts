/** Waits for work, but not for ever. */

import type { Clock } from './clock.ts';

/**
 * Resolves when `work` ends, or after `ms`; rejects as `work` does. No timer is left behind: one would keep a process that has
 * nothing more to do from ending.
 */
export async function endWithin(clock: Clock, work: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController();
  const timeout = clock.sleep(ms, timer.signal).catch((error: unknown) => {
    if (!timer.signal.aborted) throw error;
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    timer.abort();
  }
}
