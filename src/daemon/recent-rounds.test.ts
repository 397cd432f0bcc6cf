import { describe, expect, it } from 'vitest';
import type { CallReport } from '../model/calls.ts';
import type { RoundReport } from '../model/round.ts';
import { createRecentRounds } from './recent-rounds.ts';

const call = (durationMs: number, overrides: Partial<CallReport> = {}): CallReport => ({
  ...{ operation: 'list_apps', method: 'GET', path: '/v1/apps', status: 200, at: 0, attempt: 1, durationMs },
  ...overrides,
});

const report = (round: number): RoundReport => ({
  ...{ round, triggers: ['schedule'], startedAt: round, endedAt: round + 1, result: 'converged' },
  ...{ outcomes: [], calls: 1 },
});

describe('recent rounds', () => {
  it('keeps the last 120, the oldest first', () => {
    const recent = createRecentRounds();
    for (let round = 1; round <= 1_000; round += 1) recent.observeRound(report(round));
    const kept = recent.list().map(({ round }) => round);
    expect(kept).toEqual(Array.from({ length: 120 }, (_, index) => 881 + index));
  });

  it('measures the calls of each round by themselves, and leaves out those that were not answered', () => {
    const recent = createRecentRounds();
    for (let ms = 1; ms <= 100; ms += 1) recent.observeCall(call(ms));
    const { status: _, ...unanswered } = call(60_000);
    recent.observeCall(unanswered);
    recent.observeRound(report(1));
    recent.observeRound(report(2));
    expect(recent.list().map(({ latency }) => latency)).toEqual([{ median: 51, p95: 96, max: 100 }, null]);
  });

  it('samples a very long round evenly: the first calls count no more than the last', () => {
    const recent = createRecentRounds();
    for (let ms = 1; ms <= 100_000; ms += 1) recent.observeCall(call(ms));
    recent.observeRound(report(1));
    const [only] = recent.list();
    expect(Math.abs((only?.latency?.median ?? 0) - 50_000)).toBeLessThan(2_000);
    expect(Math.abs((only?.latency?.p95 ?? 0) - 95_000)).toBeLessThan(2_000);
  });
});
