/** When the next round is due, as a table over what the last one reported. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Withheld } from '../model/plan.ts';
import type { Outcome, RoundReport } from '../model/round.ts';
import { createSchedule } from './cron-schedule.ts';
import { type NextRound, type NextRoundInput, planNextRound } from './next-round.ts';

const NOW = Date.UTC(2026, 10, 21, 3, 2, 0);
const MINUTE = 60_000;
const TEN_MINUTES = createSchedule('*/10 * * * *', 'UTC');

function buildReport(overrides: Partial<RoundReport> & { withheld?: Partial<Withheld>[] } = {}): RoundReport {
  const { withheld = [], ...rest } = overrides;
  return {
    round: 1,
    triggers: ['schedule'],
    startedAt: NOW - 1_000,
    endedAt: NOW,
    result: 'converged',
    plan: { withheld } as unknown as NonNullable<RoundReport['plan']>,
    outcomes: [],
    calls: 1,
    ...rest,
  };
}

function withoutPlan(report: RoundReport): RoundReport {
  const { plan: _, ...rest } = report;
  return rest;
}

function buildInput(overrides: Partial<NextRoundInput> = {}): NextRoundInput {
  return {
    now: NOW,
    schedule: TEN_MINUTES,
    report: buildReport(),
    settleMs: 10_000,
    failures: 0,
    selfMade: 0,
    random: () => 0,
    ...overrides,
  };
}

/** What was decided, as `trigger in seconds`. */
function tell(next: NextRound | null): string {
  return next === null ? 'never' : `${next.trigger} in ${(next.at - NOW) / 1000} s`;
}

const skippedOutcome = { result: 'skipped' } as unknown as Outcome;
const unknownOutcome = {
  endedAt: NOW - 4_000,
  failure: { kind: 'unknown_outcome' },
} as unknown as Outcome;

describe('planNextRound', () => {
  it('continues at once, on any schedule, with what a round left out for lack of time', () => {
    const daily = createSchedule('0 4 * * *', 'UTC');
    const report = buildReport({ result: 'aborted', outcomes: [skippedOutcome] });
    expect(tell(planNextRound(buildInput({ schedule: daily, report })))).toBe('retry in 0 s');
    expect(tell(planNextRound(buildInput({ schedule: daily, report, selfMade: 3 })))).toBe('retry in 4 s');
  });

  it.each<{ reason: string; input: Partial<NextRoundInput>; next: string }>([
    { reason: 'all is well: the next tick', input: {}, next: 'schedule in 480 s' },
    { reason: 'ticks are moved by up to ten seconds', input: { random: () => 1 }, next: 'schedule in 490 s' },
    {
      reason: 'a tight schedule is moved by a tenth only',
      input: {
        schedule: createSchedule('*/20 * * * * *', 'UTC'),
        report: buildReport({ startedAt: NOW }),
        random: () => 1,
      },
      next: 'schedule in 22 s',
    },
    {
      reason: 'a tick that passed during the round is made up for, after a breather',
      input: { report: buildReport({ startedAt: NOW - 15 * MINUTE }) },
      next: 'schedule in 10 s',
    },
    {
      reason: 'a schedule without any match leaves the loop to other reasons',
      input: { schedule: { next: () => null } },
      next: 'never',
    },
    {
      reason: 'a failed change is tried again before the next tick',
      input: { report: buildReport({ result: 'failed' }), failures: 1 },
      next: 'retry in 7.5 s',
    },
    {
      reason: 'later each time',
      input: { report: buildReport({ result: 'failed' }), failures: 3, random: () => 1 },
      next: 'retry in 60 s',
    },
    {
      reason: 'but never later than the schedule, where the account can be read',
      input: { report: buildReport({ result: 'failed' }), failures: 50 },
      next: 'retry in 300 s',
    },
    {
      reason: 'an account that cannot be read is left alone longer than the schedule says',
      input: {
        report: withoutPlan(buildReport({ result: 'unreadable' })),
        failures: 8,
        random: () => 1,
        schedule: createSchedule('* * * * *', 'UTC'),
      },
      next: 'retry in 600 s',
    },
    {
      reason: 'a round cut short without a plan is no failure',
      input: { report: withoutPlan(buildReport({ result: 'aborted' })) },
      next: 'schedule in 480 s',
    },
    {
      reason: 'an unknown create is settled when its time is over',
      input: {
        report: buildReport({ result: 'failed', outcomes: [unknownOutcome] }),
        failures: 9,
        random: () => 1,
      },
      next: 'settle in 7 s',
    },
    {
      reason: 'an entry that settles says until when',
      input: { report: buildReport({ withheld: [{ reason: 'settling', until: NOW + 3_000 }] }) },
      next: 'settle in 3 s',
    },
    {
      reason: 'so do a grace period and a backoff',
      input: {
        report: buildReport({
          withheld: [
            { reason: 'delete_grace', until: NOW + 90_000 },
            { reason: 'backoff', until: NOW + 60_000 },
            { reason: 'protected' },
          ],
        }),
      },
      next: 'retry in 60 s',
    },
    {
      reason: 'what should have passed already is asked again, with growing patience',
      input: {
        report: buildReport({ withheld: [{ reason: 'settling', until: NOW - 5_000 }] }),
        selfMade: 6,
      },
      next: 'settle in 32 s',
    },
  ])('$reason', ({ input, next }) => {
    expect(tell(planNextRound(buildInput(input)))).toBe(next);
  });

  it('is never in the past and never later than the backoff or the next tick but one', () => {
    fc.assert(
      fc.property(
        fc.record({
          random: fc.double({ min: 0, max: 1, noNaN: true }),
          failures: fc.nat({ max: 100 }),
          selfMade: fc.nat({ max: 100 }),
          ranMs: fc.nat({ max: 10 * 3_600_000 }),
          untils: fc.array(fc.integer({ min: -3_600_000, max: 3_600_000 }), { maxLength: 4 }),
          result: fc.constantFrom<RoundReport['result']>(
            'converged',
            'held',
            'failed',
            'aborted',
            'unreadable',
          ),
        }),
        ({ random, failures, selfMade, ranMs, untils, result }) => {
          const withheld = untils.map((ms) => ({ reason: 'backoff' as const, until: NOW + ms }));
          const report = buildReport({ result, startedAt: NOW - ranMs, withheld });
          const next = planNextRound(buildInput({ random: () => random, failures, selfMade, report }));
          expect(next?.at).toBeGreaterThanOrEqual(NOW);
          expect(next?.at).toBeLessThanOrEqual(NOW + 10 * MINUTE + 10_000);
        },
      ),
    );
  });
});
