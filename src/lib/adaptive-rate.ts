/**
 * The sending rate, adapted to the server's replies: a rate, a concurrency and a "not before". A refusal
 * lowers the rate; it then returns along a cubic curve, as in TCP CUBIC: fast while far below the rate that
 * was refused, flat around it, and fast again beyond, should the limit have risen. It holds no timer.
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
/**
 * By how much the rate falls: by the first of these when the limit was merely touched, by the next when it is
 * refused again before a steady time, and so on. Time and count both matter: a window of a second lets a
 * hundred requests through at once.
 */
const DECREASES = [0.04, 0.04, 0.08, 0.12, 0.25, 0.5] as const;
const STEADY_ACCEPTED = 30;
const STEADY_MS = 5_000;
/**
 * Refused again this soon, the rate is well above the limit and lives on a burst that every pause refills.
 * What went through since the last refusal, pauses included, is then nearer to the limit, and the rate falls
 * towards it.
 */
const BURST_CYCLE_MS = 20_000;
const BURST_DECREASE_MAX = 0.15;
/**
 * How long the rate takes back to where it was refused. Long where the limit is known: one refusal in half a
 * minute is 0.7 % at 5 requests per second, and so long that the pause of a `Retry-After` costs about 2 %.
 * Short after a deep fall, because then the rate that was refused says little.
 */
const RETURN_MS = 30_000;
const RETURN_PER_PAUSE = 45;
const SEARCH_MS = 8_000;
const SEARCH_DEPTH = 3;
/** Well beyond the rate that was refused the limit must have risen, and the curve is run through faster. */
const RISEN_SHARE = 1.1;
const RISEN_SPEED = 2;
/** Upper bound for counted idle time, so that the rate does not rise while nothing is sent. */
const REST_MS_MAX = 1_000;
/** Refused again right away: wait, twice as long each time, as a quota per minute needs. */
const HOLD_BASE_MS = 250;
const HOLD_MS_MAX = 30_000;
/** One more in flight for each so many accepted requests. */
const ACCEPTED_PER_CONCURRENCY = 10;

interface Learned {
  rate: number;
  concurrency: number;
  heldUntil: number;
  /** When the rate was last lowered: requests sent before say nothing about the lower rate. */
  loweredAt: number;
  /**
   * The curve: from `low` back to `limit` in `returnMs`, of which `sentMs` have passed. Absent before the
   * first refusal.
   */
  curve?: { readonly low: number; readonly limit: number; readonly returnMs: number; sentMs: number };
  /** Refusals without a steady time between them. */
  depth: number;
  acceptedSince: number;
  refusedInARow: number;
  learnedAt: number;
}

export function createAdaptiveRate(max: {
  readonly requestsPerSecondMax: number;
  readonly concurrencyMax: number;
}): AdaptiveRate {
  const learned: Learned = {
    rate: max.requestsPerSecondMax,
    concurrency: max.concurrencyMax,
    heldUntil: Number.NEGATIVE_INFINITY,
    loweredAt: Number.NEGATIVE_INFINITY,
    depth: 0,
    acceptedSince: 0,
    refusedInARow: 0,
    learnedAt: Number.NEGATIVE_INFINITY,
  };
  return {
    requestsPerSecond: () => learned.rate,
    concurrency: () => Math.max(1, Math.floor(learned.concurrency)),
    heldUntil: () => learned.heldUntil,
    learn(feedback, { sentAt, now }) {
      if (feedback.heard === 'accepted') {
        climb(learned, now);
        learned.rate = Math.min(max.requestsPerSecondMax, learned.rate);
        learned.concurrency = Math.min(max.concurrencyMax, learned.concurrency);
      }
      if (feedback.heard === 'slow_down') {
        learned.heldUntil = Math.max(learned.heldUntil, now + (feedback.retryAfterMs ?? 0));
        if (sentAt >= learned.loweredAt) lower(learned, now, feedback.retryAfterMs ?? 0);
      }
      learned.learnedAt = now;
    },
  };
}

function climb(learned: Learned, now: number): void {
  learned.acceptedSince += 1;
  learned.refusedInARow = 0;
  const isSteady = learned.acceptedSince >= STEADY_ACCEPTED && now - learned.loweredAt >= STEADY_MS;
  if (isSteady) learned.depth = 0;
  learned.concurrency += 1 / ACCEPTED_PER_CONCURRENCY;
  const { curve } = learned;
  if (curve === undefined) return;
  const speed = learned.rate > curve.limit * RISEN_SHARE ? RISEN_SPEED : 1;
  curve.sentMs += speed * Math.min(REST_MS_MAX, now - learned.learnedAt);
  const way = curve.sentMs / curve.returnMs - 1;
  learned.rate = curve.limit + (curve.limit - curve.low) * way ** 3;
}

function lower(learned: Learned, now: number, pauseMs: number): void {
  const decrease = chooseDecrease(learned, now);
  const limit = learned.rate;
  const low = Math.max(RATE_MIN, limit * (1 - decrease));
  learned.depth += 1;
  learned.rate = low;
  const isSearching = learned.depth > SEARCH_DEPTH;
  const returnMs = isSearching ? SEARCH_MS : Math.max(RETURN_MS, RETURN_PER_PAUSE * pauseMs);
  learned.curve = { low, limit, returnMs, sentMs: 0 };
  learned.concurrency = Math.max(1, learned.concurrency - Math.max(1, learned.concurrency * decrease));
  learned.loweredAt = now;
  learned.acceptedSince = 0;
  learned.refusedInARow += 1;
  const again = learned.refusedInARow - 2;
  if (again < 0) return;
  const holdMs = Math.min(HOLD_MS_MAX, HOLD_BASE_MS * 2 ** again);
  learned.heldUntil = Math.max(learned.heldUntil, now + holdMs);
}

function chooseDecrease({ depth, rate, acceptedSince, loweredAt }: Learned, now: number): number {
  const decrease = DECREASES[Math.min(depth, DECREASES.length - 1)] ?? 0;
  const cycleMs = now - loweredAt;
  if (depth > 0 || cycleMs > BURST_CYCLE_MS) return decrease;
  const wentThrough = (acceptedSince * 1_000) / cycleMs;
  return Math.min(BURST_DECREASE_MAX, Math.max(decrease, 1 - wentThrough / rate));
}
