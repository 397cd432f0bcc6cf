/**
 * A token bucket that limits notifications to one receiver. Instants are on the monotonic clock, in
 * milliseconds.
 */

const HOUR_MS = 3_600_000;
/** The share of an hour's notifications that may be sent at once. */
const BURST_SHARE = 1 / 4;

export interface RateLimit {
  /** Milliseconds until the next notification may be sent; 0 when it may be sent now. */
  waitMs(now: number): number;
  take(now: number): void;
}

export function createRateLimit(maxPerHour: number): RateLimit {
  const capacity = Math.max(1, Math.floor(maxPerHour * BURST_SHARE));
  const msPerToken = HOUR_MS / maxPerHour;
  let tokens = capacity;
  let filledAt: number | undefined;
  const refill = (now: number) => {
    tokens = Math.min(capacity, tokens + (now - (filledAt ?? now)) / msPerToken);
    filledAt = now;
  };
  return {
    waitMs(now) {
      refill(now);
      return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * msPerToken);
    },
    take(now) {
      refill(now);
      tokens -= 1;
    },
  };
}
