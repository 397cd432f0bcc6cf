/** The platform's rate limit: requests per second of the whole account. It refuses and never delays. */

import type { Clock } from '../lib/clock.ts';
import { type Refusal, refuse } from './answer.ts';
import { CODE } from './switches.ts';

export interface RateLimit {
  readonly perSecond: number;
  /** Requests that may come at once; as many as `perSecond` when absent. */
  readonly burst?: number;
  /**
   * `bucket` refills steadily; `window` counts from second to second, as the server's own limit model does.
   */
  readonly shape?: 'bucket' | 'window';
  readonly style?: 'http_429' | 'http_429_retry_after' | 'code_4020' | 'code_4009';
}

export interface RateLimiter {
  /** The refusal of a request that comes now, or undefined when it may pass. */
  admit(): Refusal | undefined;
}

const SHAPES = ['bucket', 'window'];
const STYLES = ['http_429', 'http_429_retry_after', 'code_4020', 'code_4009'];

/** Checks a limit that came as JSON. Throws RangeError naming what is wrong. */
export function parseRateLimit(value: Readonly<Record<string, unknown>>): RateLimit {
  const { perSecond, burst = 1, shape = 'bucket', style = 'http_429', ...others } = value;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw new RangeError(`a rate limit has no ${unknown}`);
  const isPositive = (limit: unknown) => typeof limit === 'number' && limit > 0;
  if (!isPositive(perSecond) || !isPositive(burst)) throw new RangeError('perSecond and burst are above 0');
  if (!SHAPES.includes(shape as string)) throw new RangeError(`shape is ${SHAPES.join(' or ')}`);
  if (!STYLES.includes(style as string)) throw new RangeError(`style is ${STYLES.join(' or ')}`);
  return value as unknown as RateLimit;
}

/** A limiter, or one that admits everything when there is no limit. */
export function createRateLimiter(limit: RateLimit | undefined, clock: Clock): RateLimiter {
  if (limit === undefined) return { admit: () => undefined };
  const waitFor = limit.shape === 'window' ? countWindow(limit, clock) : drawBucket(limit, clock);
  return {
    admit() {
      const waitMs = waitFor();
      return waitMs === undefined ? undefined : refuseInStyle(limit, waitMs);
    },
  };
}

/** Takes a token from the bucket, or returns in how many milliseconds there is one. */
function drawBucket(limit: RateLimit, clock: Clock): () => number | undefined {
  const capacity = Math.max(1, limit.burst ?? limit.perSecond);
  let level = capacity;
  let filledAt = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    level = Math.min(capacity, level + ((now - filledAt) * limit.perSecond) / 1000);
    filledAt = now;
    if (level < 1) return ((1 - level) * 1000) / limit.perSecond;
    level -= 1;
    return undefined;
  };
}

function countWindow(limit: RateLimit, clock: Clock): () => number | undefined {
  let window = Number.NEGATIVE_INFINITY;
  let count = 0;
  return () => {
    const now = clock.monotonic();
    if (Math.floor(now / 1000) !== window) {
      window = Math.floor(now / 1000);
      count = 0;
    }
    count += 1;
    return count > limit.perSecond ? (window + 1) * 1000 - now : undefined;
  };
}

function refuseInStyle(limit: RateLimit, waitMs: number): Refusal {
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1000)));
  const tooMany = refuse(CODE.rpmExceeded, 'too many requests', 429);
  switch (limit.style ?? 'http_429') {
    case 'http_429':
      return { ...tooMany, alwaysStatus: true };
    case 'http_429_retry_after':
      return { ...tooMany, alwaysStatus: true, headers: { 'retry-after': seconds } };
    case 'code_4020':
      return refuse(CODE.rpmExceeded, 'RPM exceeds the purchased quota', 200);
    case 'code_4009':
      return refuse(CODE.busy, 'the system is at its request limit, try again later', 200);
  }
}
