/**
 * The pacer on a virtual clock against limiters of the kinds that are in use. Workers send as fast as they
 * are let; what was refused is sent again, as a client would.
 */
import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** True: accepted. */
type Limiter = (nowMs: number) => boolean;

function tokenBucket(perSecond: number, burst: number): Limiter {
  let tokens = burst;
  let at = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - at) * perSecond) / 1_000);
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

function fixedWindow(perWindow: number, windowMs: number): Limiter {
  let window = -1;
  let count = 0;
  return (now) => {
    const current = Math.floor(now / windowMs);
    if (current !== window) [window, count] = [current, 0];
    count += 1;
    return count <= perWindow;
  };
}

function slidingWindow(perWindow: number, windowMs: number): Limiter {
  let accepted: number[] = [];
  return (now) => {
    accepted = accepted.filter((at) => at > now - windowMs);
    if (accepted.length >= perWindow) return false;
    accepted.push(now);
    return true;
  };
}

interface Load {
  readonly limiter: Limiter;
  readonly latencyMs: number;
  readonly retryAfterMs?: number;
  readonly workers: number;
}

interface Tally {
  accepted: number;
  refused: number;
}

/** Sends from `fromS` to `toS` and counts what the limiter said in between. */
async function drive(clock: VirtualClock, pacer: Pacer, load: Load, [fromS, toS]: [number, number]) {
  const tally: Tally = { accepted: 0, refused: 0 };
  let ended = 0;
  const signal = new AbortController().signal;
  // All workers share it, as all calls of a round do.
  setMaxListeners(0, signal);
  const work = async () => {
    while (clock.monotonic() < toS * 1_000) {
      const permit = await pacer.acquire(signal);
      await clock.sleep(load.latencyMs / 2);
      const isAccepted = load.limiter(clock.monotonic());
      if (clock.monotonic() >= fromS * 1_000) tally[isAccepted ? 'accepted' : 'refused'] += 1;
      await clock.sleep(load.latencyMs / 2);
      const retryAfter = load.retryAfterMs === undefined ? {} : { retryAfterMs: load.retryAfterMs };
      permit.release(isAccepted ? { heard: 'accepted' } : { heard: 'slow_down', ...retryAfter });
      if (!isAccepted) await clock.sleep(250);
    }
    ended += 1;
  };
  const workers = Array.from({ length: load.workers }, work);
  await clock.run(() => ended === load.workers);
  await Promise.all(workers);
  return tally;
}

/** The pacer starts ten times too fast; finding the limit takes it less than a minute. */
const SETTLED_S = 60;
const MEASURED_S = 240;
const NEVER = new AbortController().signal;

describe('the pacer under a server limit', () => {
  const rows = [5, 20, 100].flatMap((limit) => [
    { limit, kind: 'a token bucket without burst', limiter: () => tokenBucket(limit, 1) },
    { limit, kind: 'a token bucket of one second', limiter: () => tokenBucket(limit, limit) },
    { limit, kind: 'a window of one second', limiter: () => fixedWindow(limit, 1_000) },
    { limit, kind: 'a sliding window of one second', limiter: () => slidingWindow(limit, 1_000) },
    {
      limit,
      kind: 'a bucket that says Retry-After: 1',
      limiter: () => tokenBucket(limit, 1),
      retryAfterMs: 1_000,
    },
  ]);
  it.each(rows)('reaches 95 % of $limit/s with under 1 % refused, once settled: $kind', async (row) => {
    const clock = createVirtualClock(0);
    const pacer = new Pacer({ clock, requestsPerSecondMax: row.limit * 10, concurrencyMax: 8 });
    const load = { ...row, limiter: row.limiter(), latencyMs: 20, workers: 16 };
    const { accepted, refused } = await drive(clock, pacer, load, [SETTLED_S, SETTLED_S + MEASURED_S]);
    expect(accepted / (row.limit * MEASURED_S)).toBeGreaterThan(0.95);
    expect(refused / (accepted + refused)).toBeLessThan(0.01);
  });

  it('finds a limit that rises fourfold, within three minutes', async () => {
    const clock = createVirtualClock(0);
    const pacer = new Pacer({ clock, requestsPerSecondMax: 40, concurrencyMax: 8 });
    const [low, high] = [tokenBucket(5, 1), tokenBucket(20, 20)];
    const limiter: Limiter = (now) => (now < 60_000 ? low(now) : high(now));
    const { accepted } = await drive(clock, pacer, { limiter, latencyMs: 20, workers: 16 }, [240, 300]);
    expect(accepted / (20 * 60)).toBeGreaterThan(0.95);
  });

  it('wastes little on a quota per minute that is used up early', async () => {
    const clock = createVirtualClock(0);
    const pacer = new Pacer({ clock, requestsPerSecondMax: 50, concurrencyMax: 8 });
    const load = { limiter: fixedWindow(300, 60_000), latencyMs: 20, workers: 16 };
    const { accepted, refused } = await drive(clock, pacer, load, [60, 660]);
    expect(accepted / 3_000).toBeGreaterThan(0.9);
    expect(refused / (accepted + refused)).toBeLessThan(0.04);
  });
});

describe('the pacer', () => {
  it('spaces permits evenly at the highest rate allowed', async () => {
    const clock = createVirtualClock(0);
    const pacer = new Pacer({ clock, requestsPerSecondMax: 5, concurrencyMax: 8 });
    const at: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      void pacer.acquire(NEVER).then((permit) => {
        at.push(clock.monotonic());
        permit.release({ heard: 'accepted' });
      });
    }
    await clock.run(() => at.length === 4);
    expect(at).toEqual([0, 200, 400, 600]);
  });

  it('never has more permits out than the concurrency allows', async () => {
    const clock = createVirtualClock(0);
    const pacer = new Pacer({ clock, requestsPerSecondMax: 1_000, concurrencyMax: 3 });
    let out = 0;
    let outMax = 0;
    let done = 0;
    const work = async () => {
      const permit = await pacer.acquire(NEVER);
      outMax = Math.max(outMax, ++out);
      await clock.sleep(50);
      out -= 1;
      permit.release({ heard: 'nothing' });
      done += 1;
    };
    const all = Promise.all(Array.from({ length: 12 }, work));
    await clock.run(() => done === 12);
    await all;
    expect(outMax).toBe(3);
  });

  it('sends nothing before a Retry-After has passed', async () => {
    const clock = createVirtualClock(0);
    const pacer = new Pacer({ clock, requestsPerSecondMax: 100, concurrencyMax: 8 });
    const permit = await pacer.acquire(NEVER);
    permit.release({ heard: 'slow_down', retryAfterMs: 7_000 });
    let grantedAt = -1;
    void pacer.acquire(NEVER).then(() => {
      grantedAt = clock.monotonic();
    });
    await clock.run(() => grantedAt >= 0);
    expect(grantedAt).toBe(7_000);
  });

  it('lets go of a waiter that gives up, and serves the next in line', async () => {
    const clock = createVirtualClock(0);
    const pacer = new Pacer({ clock, requestsPerSecondMax: 1, concurrencyMax: 8 });
    (await pacer.acquire(NEVER)).release({ heard: 'accepted' });
    const giveUp = new AbortController();
    const impatient = pacer.acquire(giveUp.signal).catch((reason: unknown) => reason);
    let isServed = false;
    void pacer.acquire(NEVER).then(() => {
      isServed = true;
    });
    giveUp.abort('enough');
    expect(await impatient).toBe('enough');
    await clock.run(() => isServed);
    expect(clock.monotonic()).toBe(1_000);
    expect(pacer.pacing()).toMatchObject({ inFlight: 1, waiting: 0 });
  });

  it('adds up how long was waited, by who gave up too', async () => {
    const clock = createVirtualClock(0);
    const pacer = new Pacer({ clock, requestsPerSecondMax: 1, concurrencyMax: 8 });
    const giveUp = new AbortController();
    let served = 0;
    for (let index = 0; index < 3; index += 1) {
      void pacer.acquire(NEVER).then(() => {
        served += 1;
      });
    }
    const impatient = pacer.acquire(giveUp.signal).catch(() => 'gave up');
    await clock.run(() => served === 2);
    giveUp.abort();
    expect(await impatient).toBe('gave up');
    await clock.run(() => served === 3);
    // Nothing for the first, 1 s and 2 s for the others, and 1 s for who left.
    expect(pacer.pacing().waitedMs).toBe(4_000);
  });
});
