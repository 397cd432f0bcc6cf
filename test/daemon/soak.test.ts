/**
 * Ninety days on the virtual clock: thousands of edits, broken files, failing, hanging and throwing rounds, clocks that
 * are set. What is counted at the end must be what the schedule asks for, and nothing may have piled up.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { RoundReport } from '../../src/model/round.ts';
import {
  BROKEN,
  buildConfiguration,
  buildPlan,
  DAEMON_START,
  startDaemonWorld,
} from '../builders/daemon-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAYS = 90;
const BYTES_GROWTH_MAX = 2 * 1024 * 1024;

/** Equal seeds give equal sequences (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it('runs for ninety days of edits and faults without stopping, starving or growing', {
  timeout: 120_000,
}, async () => {
  const random = createRandom(20261121);
  const hung: ((report: object) => void)[] = [];
  let edits = 0;
  let longestGap = 0;
  let lastBegan = DAEMON_START;
  let rounds = 0;
  const world = await startDaemonWorld({
    random,
    script: async ({ preempt }, clock): Promise<Partial<RoundReport>> => {
      rounds += 1;
      longestGap = Math.max(longestGap, clock.monotonic() - lastBegan);
      lastBegan = clock.monotonic();
      const dice = random();
      if (dice < 0.01) throw new Error('a bug');
      if (dice < 0.013) return new Promise((resolve) => hung.push(resolve));
      await clock.sleep(random() * 20 * SECOND);
      if (preempt.aborted) return { result: 'aborted' };
      if (dice < 0.05) {
        return { result: 'unreadable', plan: undefined as never };
      }
      if (dice < 0.1) return { result: 'failed' };
      return { plan: buildPlan() };
    },
  });
  lastBegan = world.clock.monotonic();

  let heapAfterFirstWeek = 0;
  for (let hour = 0; hour < DAYS * 24; hour++) {
    const burst = random() < 0.05 ? 20 : 2;
    for (let edit = 0; edit < burst; edit++) {
      edits += 1;
      world.files =
        random() < 0.2
          ? BROKEN
          : { ok: true, configuration: buildConfiguration(['orders', `edit-${edits}`]), warnings: [] };
      world.touch();
      await world.pass(HOUR / burst);
    }
    if (random() < 0.01) world.jump((random() - 0.5) * 4 * HOUR);
    if (random() < 0.02) world.signal('reload');
    // A call that hung comes back after all, long after its round was left behind.
    if (random() < 0.5) hung.shift()?.({ result: 'aborted' });
    // The lists of the test itself must not be what grows.
    world.events.length = 0;
    world.requests.length = 0;
    world.told.length = 0;
    world.kept.length = 0;
    if (hour === 7 * 24) heapAfterFirstWeek = measureHeap();
  }
  const growth = measureHeap() - heapAfterFirstWeek;

  expect(world.end).toBeUndefined();
  expect(edits).toBeGreaterThan(5_000);
  expect(longestGap).toBeLessThan(16 * MINUTE);
  expect(rounds).toBeGreaterThan((world.clock.monotonic() / HOUR) * 6);
  expect(growth).toBeLessThan(BYTES_GROWTH_MAX);
  expect(world.control.status().healthy.ok).toBe(true);
  world.signal('stop');
  await world.run(() => world.end !== undefined);
  expect(world.end?.how).not.toBe('forced');
});

/** Bytes that are really in use: the collector is asked first. */
function measureHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
