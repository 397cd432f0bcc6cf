/** What the daemon survives: rounds that throw, hang or never end, clocks that jump, files that storm, deaf watchers. */
import { describe, expect, it } from 'vitest';
import type { ConfigurationResult } from '../../src/daemon/ports.ts';
import { message } from '../../src/messages/message.ts';
import {
  buildConfiguration,
  DAEMON_START,
  type DaemonWorld,
  startDaemonWorld,
} from '../builders/daemon-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const never = () => new Promise<never>(() => {});

function loaded(...keys: string[]): ConfigurationResult {
  return { ok: true, configuration: buildConfiguration(keys), warnings: [] };
}

function minutesOf(world: DaemonWorld): number[] {
  return world.requests.map(({ at }) => (at - DAEMON_START) / MINUTE);
}

function typesOf(world: DaemonWorld): string[] {
  return world.events.map(({ type }) => type);
}

describe('the loop', () => {
  it('survives a round that throws, and tries again with growing patience', async () => {
    const world = await startDaemonWorld({
      script: () => {
        throw new TypeError('a bug');
      },
    });
    await world.pass(2 * HOUR);
    const [first = 0, ...waits] = minutesOf(world).map(
      (minute, index, all) => minute - (all[index - 1] ?? 0),
    );
    expect(first).toBe(0);
    expect(waits.slice(0, 7)).toEqual([0.125, 0.25, 0.5, 1, 2, 4, 5]);
    expect(world.end).toBeUndefined();
    expect(world.control.status().rounds.last?.failure).toBe('unexpected error: a bug');
    expect(world.control.status().rounds.consecutive_failures).toBe(world.requests.length);
  });

  it('goes back to the schedule as soon as a round succeeds', async () => {
    const world = await startDaemonWorld({
      script: ({ round }) => {
        if (round < 4) throw new Error('down');
        return {};
      },
    });
    await world.pass(21 * MINUTE);
    expect(minutesOf(world)).toEqual([0, 0.125, 0.375, 0.875, 10, 20]);
    expect(world.control.status().rounds.consecutive_failures).toBe(0);
  });

  it('stops a silent round after four minutes and leaves it behind after five', async () => {
    const world = await startDaemonWorld({ script: ({ round }) => (round === 1 ? never() : {}) });
    await world.pass(4 * MINUTE + SECOND);
    expect(world.requests[0]?.signal.aborted).toBe(true);
    expect(typesOf(world)).toContain('round_stuck');
    await world.pass(2 * MINUTE);
    expect(typesOf(world)).toContain('round_abandoned');
    expect(minutesOf(world)).toEqual([0, 5.125]);
    expect(world.control.status().healthy.ok).toBe(true);
  });

  it('lets a long round be for as long as it moves on', async () => {
    const world = await startDaemonWorld({
      script: async ({ onProgress }, clock) => {
        for (let step = 0; step < 60; step++) {
          await clock.sleep(MINUTE);
          onProgress();
        }
        return {};
      },
    });
    await world.pass(HOUR + SECOND);
    expect(typesOf(world)).toContain('round_quiet');
    expect(typesOf(world)).not.toContain('round_stuck');
  });

  it('begins no more rounds when three were left behind, turns unhealthy and lets the watchdog go hungry', async () => {
    const world = await startDaemonWorld({ script: never, watchdogMs: 60 * SECOND });
    await world.pass(HOUR);
    expect(world.requests).toHaveLength(3);
    expect(world.control.status().healthy).toEqual({
      ok: false,
      reason: expect.stringMatching(/no progress for/),
    });
    expect(world.control.status().condition).toBe('stalled');
    const heard = world.told.filter((line) => line === 'alive').length;
    await world.pass(HOUR);
    expect(world.told.filter((line) => line === 'alive')).toHaveLength(heard);
  });

  it('feeds the watchdog three times per interval while it moves on', async () => {
    const world = await startDaemonWorld({ watchdogMs: 60 * SECOND });
    await world.pass(HOUR);
    const heard = world.told.filter((line) => line === 'alive').length;
    expect(heard).toBeGreaterThanOrEqual(179);
    expect(heard).toBeLessThanOrEqual(181);
  });

  it('lists once for all the ticks that passed while the host slept', async () => {
    const world = await startDaemonWorld();
    await world.pass(15 * MINUTE);
    world.jump(8 * HOUR);
    await world.pass(MINUTE);
    expect(world.requests.map(({ triggers }) => triggers.join())).toEqual(['start', 'schedule', 'clock']);
    expect(typesOf(world)).toContain('clock_jumped');
  });

  it('continues with its rounds when the clock was set back', async () => {
    const world = await startDaemonWorld();
    await world.pass(15 * MINUTE);
    world.jump(-5 * HOUR);
    const before = world.requests.length;
    await world.pass(11 * MINUTE);
    expect(world.requests.slice(before).map(({ triggers }) => triggers.join())).toEqual([
      'clock',
      'schedule',
    ]);
  });

  it('lets a round through in a storm of edits that are all valid', async () => {
    const world = await startDaemonWorld({
      script: async ({ preempt }, clock) => {
        await clock.sleep(3 * SECOND);
        return { result: preempt.aborted ? 'aborted' : 'converged' };
      },
    });
    for (let second = 0; second < 120; second++) {
      world.files = loaded('orders', `edit-${second}`);
      world.touch();
      await world.pass(SECOND);
    }
    const results = world.events.flatMap((event) => ('report' in event ? [event.report.result] : []));
    expect(results.length).toBe(40);
    expect(results.filter((result) => result === 'converged').length).toBeGreaterThanOrEqual(6);
  });

  it('is not disturbed by a storm of touches that change nothing', async () => {
    const world = await startDaemonWorld({
      script: async ({ preempt }, clock) => {
        await clock.sleep(30 * SECOND);
        return { result: preempt.aborted ? 'aborted' : 'converged' };
      },
    });
    for (let second = 0; second < 60; second++) {
      world.touch();
      await world.pass(SECOND);
    }
    expect(minutesOf(world)).toEqual([0]);
    expect(world.requests[0]?.preempt.aborted).toBe(false);
  });

  it('survives a configuration reader that throws', async () => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    world.files = new TypeError('a bug in the reader');
    world.touch();
    world.signal('reload');
    await world.pass(11 * MINUTE);
    expect(typesOf(world).filter((type) => type === 'loop_failed').length).toBeGreaterThanOrEqual(1);
    expect(minutesOf(world).at(-1)).toBe(10);
    expect(world.told.filter((line) => line.startsWith('ready'))).toHaveLength(2);
  });

  it('starts a watch that broke again, and reads the files for what it may have missed', async () => {
    const world = await startDaemonWorld({
      onWatch: (attempt) => {
        if (attempt <= 3) throw new Error('no more watches');
      },
    });
    world.files = loaded('orders', 'bills');
    await world.pass(20 * SECOND);
    expect(typesOf(world).filter((type) => type === 'watch_failed')).toHaveLength(3);
    expect(world.requests.at(-1)?.configuration.desired.apps.size).toBe(2);
  });
});

describe('stopping', () => {
  it('is at once while the loop waits', async () => {
    const world = await startDaemonWorld();
    await world.pass(MINUTE);
    world.signal('stop');
    await world.run(() => world.end !== undefined);
    expect(world.clock.now()).toBe(DAEMON_START + MINUTE);
    expect(world.end).toEqual({ how: 'finished' });
    expect(world.told.at(-1)).toMatch(/^stopping: stopping · 1 in sync · /);
  });

  it('does not wait for a call that hangs longer than there is time', async () => {
    const world = await startDaemonWorld({ script: never });
    await world.pass(MINUTE);
    world.signal('stop');
    await world.run(() => world.end !== undefined);
    expect(world.end).toEqual({ how: 'timed_out' });
    expect(world.clock.now() - DAEMON_START - MINUTE).toBeLessThan(10 * SECOND);
  });

  it('is at once on a second signal, whatever runs', async () => {
    const world = await startDaemonWorld({ script: never });
    await world.pass(MINUTE);
    world.signal('stop');
    await world.pass(SECOND);
    world.signal('stop');
    await world.run(() => world.end !== undefined);
    expect(world.end).toEqual({ how: 'forced' });
    expect(world.clock.now() - DAEMON_START - MINUTE).toBe(SECOND);
  });

  it('begins no round for what was asked meanwhile, and tells those who wait', async () => {
    const world = await startDaemonWorld({
      script: async (_request, clock) => {
        await clock.sleep(3 * SECOND);
        return {};
      },
    });
    await world.pass(SECOND);
    const asked = world.control.reconcile('alice', { wait: true });
    await world.pass(0);
    world.signal('stop');
    await world.run(() => world.end !== undefined);
    expect(await asked).toEqual({ ok: false, message: message('control.stopped') });
    expect(world.requests).toHaveLength(1);
  });
});
