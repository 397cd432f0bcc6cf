/** How many messages a receiver may get: a bucket of tokens on the monotonic clock. */

const HOUR_MS = 3_600_000;
/** Of an hour's messages so many may go at once. */
const BURST_SHARE = 1 / 4;

export interface Allowance {
  /** Milliseconds until the next message may go; 0 when it may go now. */
  waitMs(now: number): number;
  take(now: number): void;
}

export function createAllowance(maxPerHour: number): Allowance {
  const capacity = Math.max(1, Math.floor(maxPerHour * BURST_SHARE));
  const everyMs = HOUR_MS / maxPerHour;
  let tokens = capacity;
  let at: number | undefined;
  const refill = (now: number) => {
    tokens = Math.min(capacity, tokens + (now - (at ?? now)) / everyMs);
    at = now;
  };
  return {
    waitMs(now) {
      refill(now);
      return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * everyMs);
    },
    take(now) {
      refill(now);
      tokens -= 1;
    },
  };
}
