/** A sleeper wakes on time, on call and on abort, and forgets no call. */
import { expect, it } from 'vitest';
import { createSleeper } from './sleeper.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** Runs `work` on a virtual clock and gives the milliseconds that passed. */
async function measure(
  work: (
    sleeper: ReturnType<typeof createSleeper>,
    at: (ms: number, call: () => void) => void,
    stop: AbortController,
  ) => Promise<void>,
): Promise<number> {
  const clock = createVirtualClock(0);
  const stop = new AbortController();
  const sleeper = createSleeper(clock, stop.signal);
  let isDone = false;
  const done = work(sleeper, (ms, call) => clock.after(ms, call), stop).finally(() => {
    isDone = true;
  });
  await clock.run(() => isDone);
  await done;
  return clock.now();
}

it('sleeps for the time', async () => {
  expect(await measure((sleeper) => sleeper.sleep(1_000))).toBe(1_000);
});

it('wakes when called', async () => {
  const passed = await measure((sleeper, at) => {
    at(300, sleeper.wake);
    return sleeper.sleep(1_000);
  });
  expect(passed).toBe(300);
});

it('keeps a call that comes while nobody sleeps, or during a rest, for the next sleep', async () => {
  const passed = await measure(async (sleeper, at) => {
    at(100, sleeper.wake);
    await sleeper.rest(500);
    await sleeper.sleep(1_000);
    await sleeper.sleep(1_000);
  });
  expect(passed).toBe(1_500);
});

it('returns at once when the signal aborts, and ever after', async () => {
  const passed = await measure(async (sleeper, at, stop) => {
    at(200, () => stop.abort());
    await sleeper.rest(1_000);
    await sleeper.sleep(1_000);
  });
  expect(passed).toBe(200);
});
