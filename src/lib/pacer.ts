/**
 * Shared pacing: everyone who wants to send waits here for a permit and says afterwards what came of it. Permits are spaced
 * evenly, bounded in number, and both rates fall when the server asks for fewer requests and recover slowly.
 * It sends nothing and knows no server; time comes from the clock.
 */
import { type AdaptiveRate, createAdaptiveRate, type Feedback } from './adaptive-rate.ts';
import type { Clock } from './clock.ts';

export interface Permit {
  /** Must be called once, when the request is over. */
  release(feedback: Feedback): void;
}

export interface Pacing {
  readonly requestsPerSecond: number;
  readonly concurrency: number;
  readonly inFlight: number;
  readonly waiting: number;
}

export interface Pacer {
  /** Waits for its turn, first come first served. Rejects with the signal's reason when it aborts first. */
  acquire(signal: AbortSignal): Promise<Permit>;
  /** For status and metrics. */
  pacing(): Pacing;
}

export interface PacerOptions {
  readonly clock: Clock;
  /** Never exceeded, whatever the server allows. */
  readonly requestsPerSecondMax: number;
  readonly concurrencyMax: number;
}

/** A sender that woke late may catch up by this much, so that coarse timers do not cost throughput. */
const CATCH_UP_MS = 25;

interface Waiter {
  readonly grant: () => void;
}

export function createPacer({ clock, requestsPerSecondMax, concurrencyMax }: PacerOptions): Pacer {
  const rate: AdaptiveRate = createAdaptiveRate({ requestsPerSecondMax, concurrencyMax });
  const waiting: Waiter[] = [];
  let inFlight = 0;
  let nextAt = Number.NEGATIVE_INFINITY;
  let sleeping: AbortController | undefined;

  function dispatch(): void {
    while (waiting.length > 0 && inFlight < rate.concurrency()) {
      const now = clock.monotonic();
      const waitMs = Math.max(nextAt, rate.heldUntil()) - now;
      if (waitMs > 0) {
        sleepThenDispatch(waitMs);
        return;
      }
      nextAt = Math.max(nextAt, now - CATCH_UP_MS) + 1_000 / rate.requestsPerSecond();
      inFlight += 1;
      waiting.shift()?.grant();
    }
  }

  function sleepThenDispatch(waitMs: number): void {
    if (sleeping !== undefined) return;
    const controller = new AbortController();
    sleeping = controller;
    const wake = () => {
      if (sleeping === controller) sleeping = undefined;
      dispatch();
    };
    // Either end of the sleep is a reason to look again: the time is up, or nobody waits any more.
    clock.sleep(waitMs, controller.signal).then(wake, wake);
  }

  function createPermit(): Permit {
    const sentAt = clock.monotonic();
    let isReleased = false;
    return {
      release(feedback) {
        if (isReleased) return;
        isReleased = true;
        inFlight -= 1;
        rate.learn(feedback, { sentAt, now: clock.monotonic() });
        dispatch();
      },
    };
  }

  return {
    acquire(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const onAbort = () => {
          waiting.splice(waiting.indexOf(waiter), 1);
          if (waiting.length === 0) sleeping?.abort();
          reject(signal.reason);
        };
        const waiter: Waiter = {
          grant: () => {
            signal.removeEventListener('abort', onAbort);
            resolve(createPermit());
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(waiter);
        dispatch();
      });
    },
    pacing: () => ({
      requestsPerSecond: rate.requestsPerSecond(),
      concurrency: rate.concurrency(),
      inFlight,
      waiting: waiting.length,
    }),
  };
}
