/** Sleep that somebody else can end early. One sleeper at a time; time comes from the clock it is given. */

import type { Clock } from './clock.ts';

export interface Sleeper {
  /**
   * Resolves after `ms`, on `wake`, or when the signal aborts. A `wake` while nobody sleeps ends the next
   * sleep at once.
   */
  sleep(ms: number): Promise<void>;
  /** Resolves after `ms` or when the signal aborts; a `wake` is kept for the next `sleep`. */
  rest(ms: number): Promise<void>;
  wake(): void;
}

/**
 * One listener on `signal` for the sleeper's whole life: `AbortSignal.any` per sleep would leak on a signal
 * that lives as long as the process (seen on Node 20).
 */
export function createSleeper(clock: Clock, signal: AbortSignal): Sleeper {
  let isWoken = false;
  let current: { readonly controller: AbortController; readonly isWakeable: boolean } | undefined;
  signal.addEventListener('abort', () => current?.controller.abort(), { once: true });

  async function pause(ms: number, isWakeable: boolean): Promise<void> {
    if (signal.aborted) return;
    const controller = new AbortController();
    current = { controller, isWakeable };
    try {
      await clock.sleep(ms, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      current = undefined;
    }
  }

  return {
    async sleep(ms) {
      if (!isWoken) await pause(ms, true);
      isWoken = false;
    },
    rest: (ms) => pause(ms, false),
    wake() {
      isWoken = true;
      if (current?.isWakeable) current.controller.abort();
    },
  };
}
