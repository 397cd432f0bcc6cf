import { describe, expect, it } from 'vitest';
import { createVirtualClock, StandstillError } from './virtual-clock.ts';

describe('the virtual clock', () => {
  it('wakes sleepers in the order of their instants, and of their setting where those are equal', async () => {
    const clock = createVirtualClock(1_000);
    const woken: string[] = [];
    const waits = [5, 3, 9, 3, 7, 1, 9, 5];
    const sleepers = waits.map(async (ms, index) => {
      await clock.sleep(ms);
      woken.push(`${clock.monotonic()}/${index}`);
    });
    await clock.run(() => woken.length === waits.length);
    await Promise.all(sleepers);
    expect(woken).toEqual(['1/5', '3/1', '3/3', '5/0', '5/7', '7/4', '9/2', '9/6']);
    expect(clock.now()).toBe(1_009);
  });

  it('takes no real time, however long the sleep', async () => {
    const clock = createVirtualClock(0);
    let isAwake = false;
    const sleeper = clock.sleep(1e12).then(() => {
      isAwake = true;
    });
    await clock.run(() => isAwake);
    await sleeper;
    expect(clock.now()).toBe(1e12);
  });

  it('rejects an aborted sleep with the reason and forgets its timer', async () => {
    const clock = createVirtualClock(0);
    const controller = new AbortController();
    const reason = new Error('enough');
    const ends: unknown[] = [];
    clock.sleep(1_000, controller.signal).catch((error: unknown) => ends.push(error));
    clock.sleep(1, AbortSignal.abort(reason)).catch((error: unknown) => ends.push(error));
    clock.after(10, () => controller.abort(reason));
    await clock.run(() => ends.length === 2);
    expect(ends).toEqual([reason, reason]);
    expect(clock.now()).toBe(10);
  });

  it('lets every promise run before the next instant', async () => {
    const clock = createVirtualClock(0);
    const story: string[] = [];
    const chain = async (name: string, ms: number) => {
      await clock.sleep(ms);
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      story.push(name);
    };
    const both = Promise.all([chain('first', 1), chain('second', 2)]);
    await clock.run(() => story.length === 2);
    await both;
    expect(story).toEqual(['first', 'second']);
  });

  it('says so when nothing will ever happen', async () => {
    const clock = createVirtualClock(0);
    await expect(clock.run(() => false)).rejects.toThrow(StandstillError);
  });
});
