import { expect, it } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../lib/virtual-clock.ts';
import { createRateLimiter, type RateLimit } from './limit-rate.ts';

async function pass(clock: VirtualClock, ms: number) {
  let isDone = false;
  clock.after(ms, () => {
    isDone = true;
  });
  await clock.run(() => isDone);
}

/** Asks every `everyMs` for ten seconds and counts what is admitted. */
async function countAdmitted(limit: RateLimit, everyMs: number): Promise<number> {
  const clock = createVirtualClock(0);
  const limiter = createRateLimiter(limit, clock);
  let admitted = 0;
  for (let at = 0; at < 10_000; at += everyMs) {
    if (limiter.admit() === undefined) admitted += 1;
    await pass(clock, everyMs);
  }
  return admitted;
}

it('admits what the bucket holds at first and the rate from then on', async () => {
  expect(await countAdmitted({ perSecond: 20, burst: 5 }, 10)).toBe(204);
});

it('counts from second to second in the shape of a window', async () => {
  expect(await countAdmitted({ perSecond: 20, shape: 'window' }, 10)).toBe(200);
});

it('admits everything below the rate', async () => {
  expect(await countAdmitted({ perSecond: 20, burst: 1 }, 50)).toBe(200);
});

it.each([
  ['http_429', { status: 429, code: 4020, alwaysStatus: true }],
  ['http_429_retry_after', { status: 429, headers: { 'retry-after': '1' } }],
  ['code_4020', { status: 200, code: 4020 }],
  ['code_4009', { status: 200, code: 4009 }],
] as const)('refuses in the style %s', (style, refusal) => {
  const limiter = createRateLimiter({ perSecond: 1, style }, createVirtualClock(0));
  expect(limiter.admit()).toBeUndefined();
  expect(limiter.admit()).toMatchObject(refusal);
});
