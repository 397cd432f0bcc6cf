/**
 * How fast to send, learned from what the server answers: additive increase, multiplicative decrease, with a memory of
 * where the limit was. Feedback goes in; a rate, a concurrency and a "not before" come out. It holds no timer.
 */
export type Feedback =
  /** The server took the request, whatever it answered. */
  | { readonly heard: 'accepted' }
  /** The server refused it because there were too many. */
  | { readonly heard: 'slow_down'; readonly retryAfterMs?: number }
  /** No reply, or none that says anything about the rate. */
  | { readonly heard: 'nothing' };

export interface AdaptiveRate {
  requestsPerSecond(): number;
  concurrency(): number;
  /** On the monotonic clock: nothing may be sent before. */
  heldUntil(): number;
  learn(feedback: Feedback, when: { readonly sentAt: number; readonly now: number }): void;
}

/** Slowest rate: one request in ten seconds still makes progress. */
const RATE_MIN = 0.1;

export function createAdaptiveRate(max: {
  readonly requestsPerSecondMax: number;
  readonly concurrencyMax: number;
}): AdaptiveRate {
  let rate = max.requestsPerSecondMax;
  let concurrency = max.concurrencyMax;
  let heldUntil = Number.NEGATIVE_INFINITY;
  let loweredAt = Number.NEGATIVE_INFINITY;
  return {
    requestsPerSecond: () => rate,
    concurrency: () => Math.max(1, Math.floor(concurrency)),
    heldUntil: () => heldUntil,
    learn(feedback, { sentAt, now }) {
      if (feedback.heard === 'accepted') {
        rate = Math.min(max.requestsPerSecondMax, rate * 1.01);
        concurrency = Math.min(max.concurrencyMax, concurrency + 0.25);
      }
      if (feedback.heard !== 'slow_down') return;
      heldUntil = Math.max(heldUntil, now + (feedback.retryAfterMs ?? 0));
      // Requests that were under way when the rate fell say nothing about the lower rate.
      if (sentAt < loweredAt) return;
      loweredAt = now;
      rate = Math.max(RATE_MIN, rate * 0.7);
      concurrency = Math.max(1, concurrency / 2);
    },
  };
}
