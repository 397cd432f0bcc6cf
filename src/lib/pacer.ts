/**
 * Shared pacing: every request waits here for a permit and reports its result afterwards.
 * Permits are spaced evenly and bounded in number, and both fall when the server asks for fewer requests and
 * recover slowly. It sends nothing and knows no server; time comes from the clock.
 */
import { type AdaptiveRate, createAdaptiveRate, type Feedback } from './adaptive-rate.ts';
import type { Clock } from './clock.ts';

export interface Permit {
  /** To be called once, when the request is over; further calls do nothing. */
  release(feedback: Feedback): void;
}

export interface Pacing {
  readonly requestsPerSecond: number;
  readonly concurrency: number;
  readonly inFlight: number;
  readonly waiting: number;
  /** All the time that requests have waited for their turn so far. */
  readonly waitedMs: number;
}

export interface PacerOptions {
  readonly clock: Clock;
  /** Never exceeded, whatever the server allows. */
  readonly requestsPerSecondMax: number;
  readonly concurrencyMax: number;
}

/** A sender that woke late may catch up by this much, so that coarse timers do not cost throughput. */
const CATCH_UP_MS = 25;

/** Lives as long as the process, so that what it learned holds from round to round. */
export class Pacer {
  readonly #clock: Clock;
  readonly #rate: AdaptiveRate;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  #waitedMs = 0;
  #nextAt = Number.NEGATIVE_INFINITY;
  /** The turn that is being waited for. */
  #plannedAt: number | undefined;
  #sleeping: AbortController | undefined;

  constructor({ clock, requestsPerSecondMax, concurrencyMax }: PacerOptions) {
    this.#clock = clock;
    this.#rate = createAdaptiveRate({ requestsPerSecondMax, concurrencyMax });
  }

  /** Waits for its turn, first come first served. Rejects with the signal's reason when it aborts first. */
  acquire(signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const cameAt = this.#clock.monotonic();
      const onAbort = () => {
        this.#waitedMs += this.#clock.monotonic() - cameAt;
        this.#leave(grant);
        reject(signal.reason);
      };
      const grant = () => {
        signal.removeEventListener('abort', onAbort);
        this.#waitedMs += this.#clock.monotonic() - cameAt;
        resolve(this.#createPermit());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(grant);
      this.#dispatch();
    });
  }

  /** For status and metrics. */
  pacing(): Pacing {
    return {
      requestsPerSecond: this.#rate.requestsPerSecond(),
      concurrency: this.#rate.concurrency(),
      inFlight: this.#inFlight,
      waiting: this.#waiting.length,
      waitedMs: this.#waitedMs,
    };
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && this.#inFlight < this.#rate.concurrency()) {
      const now = this.#clock.monotonic();
      const dueAt = Math.max(this.#nextAt, this.#rate.heldUntil());
      if (dueAt > now) {
        this.#sleepUntil(dueAt, now);
        return;
      }
      // Catching up applies only to a request that was waiting; after idle time the spacing restarts.
      const turnAt = this.#plannedAt === undefined ? now : Math.max(this.#plannedAt, now - CATCH_UP_MS);
      this.#plannedAt = undefined;
      this.#nextAt = turnAt + 1_000 / this.#rate.requestsPerSecond();
      this.#inFlight += 1;
      this.#waiting.shift()?.();
    }
  }

  #sleepUntil(dueAt: number, now: number): void {
    this.#plannedAt = dueAt;
    if (this.#sleeping !== undefined) return;
    const controller = new AbortController();
    this.#sleeping = controller;
    const wake = () => {
      if (this.#sleeping === controller) this.#sleeping = undefined;
      this.#dispatch();
    };
    // Either end of the sleep is a reason to look again: the time is up, or nobody waits any more.
    this.#clock.sleep(dueAt - now, controller.signal).then(wake, wake);
  }

  #leave(grant: () => void): void {
    this.#waiting.splice(this.#waiting.indexOf(grant), 1);
    if (this.#waiting.length > 0) return;
    this.#plannedAt = undefined;
    this.#sleeping?.abort();
  }

  #createPermit(): Permit {
    const sentAt = this.#clock.monotonic();
    let isReleased = false;
    return {
      release: (feedback) => {
        if (isReleased) return;
        isReleased = true;
        this.#inFlight -= 1;
        this.#rate.learn(feedback, { sentAt, now: this.#clock.monotonic() });
        this.#dispatch();
      },
    };
  }
}
