import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { createStandstillGuard, type Standstill } from './standstill.ts';
import { createVirtualClock } from './virtual-clock.ts';

const START = Date.parse('2026-03-01T12:00:00Z');

/** A process on a host: `stop` is SIGSTOP, `suspend` stops the monotonic clock too, `set` moves the wall clock. */
function createHost() {
  const virtual = createVirtualClock(START);
  const shift = { monotonic: 0, boot: 0, wall: 0, cpu: 0 };
  const clock: Clock = {
    now: () => virtual.now() + shift.wall,
    monotonic: () => virtual.monotonic() + shift.monotonic,
    boottime: () => virtual.monotonic() + shift.boot,
    cpuTime: () => shift.cpu,
    sleep: virtual.sleep,
  };
  const move = (ms: number, ...clocks: (keyof typeof shift)[]) => {
    for (const name of clocks) shift[name] += ms;
  };
  return {
    clock,
    stop: (ms: number) => move(ms, 'monotonic', 'boot', 'wall'),
    suspend: (ms: number) => move(ms, 'boot', 'wall'),
    pauseMachine: (ms: number) => move(ms, 'wall'),
    compute: (ms: number) => move(ms, 'monotonic', 'boot', 'wall', 'cpu'),
    set: (ms: number) => move(ms, 'wall'),
    async pass(ms: number) {
      let isOver = false;
      virtual.after(ms, () => {
        isOver = true;
      });
      await virtual.run(() => isOver);
    },
  };
}

describe('a standstill', () => {
  it.each(['stop', 'suspend', 'pauseMachine', 'set'] as const)('is noticed: %s', async (how) => {
    const host = createHost();
    const told: Standstill[] = [];
    const watch = createStandstillGuard(host.clock, (standstill) => told.push(standstill)).begin();
    await host.pass(60_000);
    expect(watch.find()).toBeUndefined();
    host[how](10_000);
    expect(watch.find()?.stoodMs).toBeGreaterThan(5_000);
    await host.pass(60_000);
    expect(watch.find()?.stoodMs).toBeGreaterThan(5_000);
    expect(told).toHaveLength(1);
    watch.end();
  });

  it('is noticed when the clock was set back, too', () => {
    const host = createHost();
    const watch = createStandstillGuard(host.clock).begin();
    host.set(-3_600_000);
    expect(watch.find()).toBeDefined();
    watch.end();
  });

  it('of up to five seconds is tolerated, and so is work of the process itself', async () => {
    const host = createHost();
    const watch = createStandstillGuard(host.clock).begin();
    host.stop(4_000);
    await host.pass(3_000);
    host.compute(30_000);
    await host.pass(3_000);
    expect(watch.find()).toBeUndefined();
    watch.end();
  });

  it('before the listing does not count', () => {
    const host = createHost();
    const guard = createStandstillGuard(host.clock);
    host.stop(60_000);
    const watch = guard.begin();
    expect(watch.find()).toBeUndefined();
    watch.end();
  });

  it('meets more patience each time on a starved host, until something was done', () => {
    const host = createHost();
    const told: number[] = [];
    const guard = createStandstillGuard(host.clock, ({ patienceMs }) => told.push(patienceMs));
    const isTolerated = (ms: number) => {
      const watch = guard.begin();
      host.stop(ms);
      const found = watch.find();
      if (found === undefined) watch.succeed();
      watch.end();
      return found === undefined;
    };
    const lag = 12_000;
    expect([isTolerated(lag), isTolerated(lag), isTolerated(lag), isTolerated(lag)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(told).toEqual([5_000, 5_000, 10_000]);
    expect(isTolerated(lag)).toBe(false);
  });
});
