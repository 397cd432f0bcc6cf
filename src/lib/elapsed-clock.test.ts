import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { createElapsedClock, type RecordedTime } from './elapsed-clock.ts';

const START = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A host that booted an hour ago. `pass` is time that passes; the others move single clocks. */
function createHost() {
  const at = { wall: START, monotonic: 5_000, boot: HOUR };
  const system: Clock = {
    now: () => at.wall,
    monotonic: () => at.monotonic,
    boottime: () => at.boot,
    sleep: async () => {},
  };
  const host = {
    at,
    bootId: 'boot 1',
    start: (recorded: RecordedTime = {}) => createElapsedClock(system, recorded, host.bootId),
    pass(ms: number) {
      for (const clock of ['wall', 'monotonic', 'boot'] as const) at[clock] += ms;
    },
    suspend(ms: number) {
      at.wall += ms;
      at.boot += ms;
    },
    set(ms: number) {
      at.wall += ms;
    },
    reboot(ms: number) {
      at.wall += ms;
      at.monotonic = 0;
      at.boot = 10_000;
      host.bootId = 'boot 2';
    },
  };
  return host;
}

describe('within a process', () => {
  it.each([DAY, -DAY, 5 * MINUTE, -5 * MINUTE])('a wall clock that is set by %i ms changes nothing', (ms) => {
    const host = createHost();
    const clock = host.start();
    host.pass(MINUTE);
    host.set(ms);
    host.pass(MINUTE);
    expect(clock.now()).toBe(START + 2 * MINUTE);
    expect(clock.aheadMs()).toBe(ms);
    expect(clock.wall()).toBe(START + 2 * MINUTE + ms);
  });

  it('the time of a suspension counts, and is never taken back', () => {
    const host = createHost();
    const clock = host.start();
    host.suspend(10 * HOUR);
    host.pass(1_000);
    expect(clock.now()).toBe(START + 10 * HOUR + 1_000);
    host.at.boot -= 3_000;
    host.pass(1_000);
    expect(clock.now()).toBe(START + 10 * HOUR + 2_000);
  });
});

describe('over a restart', () => {
  it.each([DAY, -DAY])('of the same boot, what the wall clock was set by (%i ms) does not count', (ms) => {
    const host = createHost();
    const { mark } = host.start();
    host.pass(MINUTE);
    host.set(ms);
    host.pass(MINUTE);
    expect(host.start({ mark, latestAt: START + MINUTE }).now()).toBe(START + 2 * MINUTE);
  });

  it('a wall clock that was not set is taken, however finely the others are read', () => {
    const host = createHost();
    const { mark } = host.start();
    host.pass(DAY);
    host.set(700);
    expect(host.start({ mark, latestAt: START }).now()).toBe(START + DAY + 700);
  });

  it('of the host the wall clock counts, and never less than what was recorded', () => {
    const host = createHost();
    const { mark } = host.start();
    host.reboot(10 * MINUTE);
    expect(host.start({ mark, latestAt: START }).now()).toBe(START + 10 * MINUTE);
    host.set(-DAY);
    const clock = host.start({ mark, latestAt: START });
    expect(clock.now()).toBe(START);
    host.pass(MINUTE);
    expect(clock.now()).toBe(START + MINUTE);
  });

  it('a container that counts its own boot under the name of its host goes by the wall clock', () => {
    const host = createHost();
    const { mark } = host.start();
    host.pass(3 * HOUR);
    host.at.boot = 1_000;
    expect(host.start({ mark, latestAt: START + 2 * HOUR }).now()).toBe(START + 3 * HOUR);
  });

  it('nothing recorded, or a host that does not tell: the wall clock', () => {
    const host = createHost();
    expect(host.start().now()).toBe(START);
    expect(
      createElapsedClock(
        { ...host, now: () => START, monotonic: () => 0, sleep: async () => {} },
        {},
        undefined,
      ).mark,
    ).toBeUndefined();
  });
});
