/** Time as a parameter: production uses the system's, tests and the simulator their own. */

import { uptime } from 'node:os';

export interface Clock {
  /** Wall time in milliseconds since the epoch. It can jump. */
  now(): number;
  /** Milliseconds since an arbitrary start. It never goes back; use it for durations and deadlines. */
  monotonic(): number;
  /** Wall time too, where `now` counts elapsed time and does not jump. Absent: `now` is wall time. */
  wall?(): number;
  /** Milliseconds since the host booted, suspensions included. Absent where nothing tells. */
  boottime?(): number;
  /** Processor time that this process has used, in milliseconds. */
  cpuTime?(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // Linux counts suspensions here (CLOCK_BOOTTIME) and not in `monotonic` (CLOCK_MONOTONIC).
  boottime: () => uptime() * 1000,
  cpuTime() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

/**
 * Resolves when `work` ends, or after `ms`; rejects as `work` does. It clears its timer, which would
 * otherwise keep the process running.
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
