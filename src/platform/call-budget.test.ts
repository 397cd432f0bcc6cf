import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { say } from '../messages/say.ts';
import type { CallCount } from '../model/state.ts';
import { createCallBudget } from './call-budget.ts';

const START = Date.parse('2026-03-01T12:00:00Z');
const DAY_MS = 24 * 3_600_000;

function createWorld(saved?: CallCount) {
  const clock = createVirtualClock(START);
  const world = { clock, saved, saves: 0, warnings: [] as string[] };
  const open = (perDay?: number) =>
    createCallBudget({
      ...(perDay === undefined ? {} : { perDay }),
      load: () => world.saved,
      save: async (calls) => {
        world.saved = calls;
        world.saves += 1;
      },
      clock,
      onWarning: (warning) => world.warnings.push(say(warning)),
    });
  const passTime = async (ms: number) => {
    let isOver = false;
    clock.after(ms, () => {
      isOver = true;
    });
    await clock.run(() => isOver);
  };
  return { world, open, passTime };
}

async function spendTimes(budget: { spend(): Promise<boolean> }, times: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: times }, () => budget.spend()));
  return answers.filter((isAllowed) => isAllowed).length;
}

describe('the call budget', () => {
  it('refuses everything beyond the limit of the day, also under concurrency', async () => {
    const { open } = createWorld();
    const budget = open(25);
    expect(await spendTimes(budget, 40)).toBe(25);
    expect(await budget.spend()).toBe(false);
  });

  it('warns once when four fifths are used', async () => {
    const { world, open } = createWorld();
    await spendTimes(open(25), 40);
    expect(world.warnings).toEqual(["20 of 25 calls of today's budget are used"]);
  });

  it('counts across restarts: a clean end is exact, a crash never forgets a request', async () => {
    const { world, open } = createWorld();
    const first = open(100);
    await spendTimes(first, 13);
    expect(world.saved?.count).toBeGreaterThanOrEqual(13);
    await first.settle();
    expect(world.saved).toEqual({ day: '2026-03-01', count: 13 });
    const second = open(100);
    expect(second.calls().count).toBe(13);
    await spendTimes(second, 4);
    expect(world.saved?.count).toBeGreaterThanOrEqual(17);
  });

  it('has the count on disk before the request goes out, in few writes', async () => {
    const { world, open } = createWorld();
    const budget = open();
    for (let sent = 1; sent <= 30; sent += 1) {
      await budget.spend();
      expect(world.saved?.count).toBeGreaterThanOrEqual(sent);
    }
    expect(world.saves).toBe(3);
  });

  it('starts again with the next UTC day, and not when the clock goes back', async () => {
    const { open, passTime, world } = createWorld({ day: '2026-03-02', count: 5 });
    const budget = open(5);
    expect(await budget.spend()).toBe(false);
    await passTime(2 * DAY_MS);
    expect(await budget.spend()).toBe(true);
    expect(world.saved?.day).toBe('2026-03-03');
  });

  it('sends nothing when the count cannot be saved', async () => {
    const budget = createCallBudget({
      load: () => undefined,
      save: () => Promise.reject(new Error('disk full')),
      clock: createVirtualClock(START),
      onWarning: () => undefined,
    });
    await expect(budget.spend()).rejects.toThrow('disk full');
  });
});
