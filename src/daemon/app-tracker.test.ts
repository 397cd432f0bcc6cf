import { describe, expect, it } from 'vitest';
import { entry, planInput, planOn } from '../../test/builders/plan-world.ts';
import type { HistoryEntry } from '../model/history.ts';
import type { Change } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { AppRow } from './app-rows.ts';
import { createAppTracker } from './app-tracker.ts';

const row = (key: string | null, overrides: Partial<AppRow> = {}): AppRow => ({
  ...{ key, id: '1', appType: 'normal', connectorId: null, name: key, callbackUrl: null },
  ...{ condition: 'in_sync', reason: null, failure: null, action: null },
  ...overrides,
});

function outcome(key: string, overrides: Partial<Outcome> = {}): Outcome {
  const { plan } = planOn(planInput({ entries: [entry(key)] }), { apps: [] });
  const [change] = plan.changes as [Change];
  return { change, result: 'applied', calls: [], warnings: [], startedAt: 1, endedAt: 2, ...overrides };
}

const recorded = (key: string, time: string, logid: string | null): HistoryEntry => ({
  ...{ time, round: 1, action: 'update', key, id: '1', app_type: 'normal', name: key, reason: 'differs' },
  ...{ fields: [], result: 'applied', failure: null, warnings: [] },
  requests: [
    {
      ...{ operation: 'update_app', status: 200, code: 0, logid, attempt: 1, duration_ms: 5, failure: null },
    } as HistoryEntry['requests'][number],
  ],
});

describe('the tracker of apps', () => {
  it('counts since when an app is as it is, again with each turn', () => {
    const tracker = createAppTracker();
    const sinceAt = (now: number, overrides: Partial<AppRow> = {}) =>
      tracker.track([row('a', overrides)], now)[0]?.since;
    expect(sinceAt(10)).toBe(10);
    expect(sinceAt(20)).toBe(10);
    expect(sinceAt(30, { condition: 'needs_decision', reason: 'ambiguous' })).toBe(30);
    expect(sinceAt(40, { condition: 'needs_decision', reason: 'contested' })).toBe(40);
    expect(sinceAt(50)).toBe(50);
  });

  it('tells the last change: of this process, or else the newest on record', () => {
    const tracker = createAppTracker();
    tracker.observeOutcome(outcome('a'));
    tracker.observeOutcome(outcome('a', { result: 'skipped', endedAt: 99 }));
    tracker.restore([
      recorded('a', '2026-01-01T00:00:00Z', 'old'),
      recorded('b', '2026-01-02T00:00:00Z', 'newer'),
      recorded('b', '2026-01-01T00:00:00Z', 'older'),
    ]);
    const [a, b, c] = tracker.track([row('a'), row('b'), row('c')], 10).map(({ lastChange }) => lastChange);
    expect(a).toEqual({ at: 2, action: 'create', result: 'applied', logid: null });
    expect(b).toEqual({ at: Date.UTC(2026, 0, 2), action: 'update', result: 'applied', logid: 'newer' });
    expect(c).toBeNull();
  });

  it('forgets an app that is listed no more, so that it does not grow with those that ever were', () => {
    const tracker = createAppTracker();
    tracker.observeOutcome(outcome('a'));
    tracker.track([row('a')], 10);
    tracker.track([], 20);
    expect(tracker.track([row('a')], 30)).toEqual([{ ...row('a'), since: 30, lastChange: null }]);
  });

  it('tells unmanaged apps apart by their ids', () => {
    const tracker = createAppTracker();
    tracker.track([row(null, { id: '1' })], 10);
    const booked = tracker.track([row(null, { id: '1' }), row(null, { id: '2' })], 20);
    expect(booked.map(({ since }) => since)).toEqual([10, 20]);
  });
});
