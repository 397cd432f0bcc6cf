import { expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { endWithin } from './clock.ts';
import { createVirtualClock } from './virtual-clock.ts';

const START = 1_800_000_000_000;

/** A clock that knows how many sleeps are under way. */
function watch(inner: Clock) {
  let sleeping = 0;
  const sleep: Clock['sleep'] = async (ms, signal) => {
    sleeping += 1;
    await inner.sleep(ms, signal).finally(() => {
      sleeping -= 1;
    });
  };
  return { clock: { ...inner, sleep }, sleeping: () => sleeping };
}

it('waits no longer than it may', async () => {
  const clock = createVirtualClock(START);
  let isOver = false;
  const over = endWithin(clock, new Promise(() => {}), 400).then(() => {
    isOver = true;
  });
  await clock.run(() => isOver);
  await over;
  expect(clock.now()).toBe(START + 400);
});

it('leaves no timer behind, however the work ends', async () => {
  const { clock, sleeping } = watch(createVirtualClock(START));
  await endWithin(clock, Promise.resolve('done'), 400);
  await expect(endWithin(clock, Promise.reject(new Error('no')), 400)).rejects.toThrow('no');
  await Promise.resolve();
  expect(sleeping()).toBe(0);
});
