import { describe, expect, it } from 'vitest';
import {
  type Account,
  entry,
  id,
  keyOf,
  NOW,
  observedApp,
  ownedApp,
  planInput,
  planOn,
} from '../../test/builders/plan-world.ts';
import { foldStateChange } from '../model/fold-state.ts';
import { emptyState, type MutableState, type OwnedApp } from '../model/state.ts';
import type { PlanInput } from './plan-input.ts';

const OLD = 'https://a.example.com/old';
const NEW = 'https://a.example.com/new';
const OTHER = 'https://a.example.com/other';

const told = (input: PlanInput, account: Account) => {
  const { plan, remember } = planOn(input, account);
  return {
    changes: plan.changes.map(({ action, key, fields }) => [action, key, ...fields.map(({ path }) => path)]),
    withheld: plan.withheld.map(({ action, key, reason, until }) => [action, key, reason, until]),
    remember,
  };
};

/** The entry `a`, one second after our last write to its app. */
const written = (fields: Partial<OwnedApp>, wanted: Parameters<typeof entry>[1] = {}) =>
  planInput({
    entries: [entry('a', wanted)],
    owned: [ownedApp('a', 1, { name: 'a', writtenAt: NOW - 1_000, ...fields })],
  });

const WAITS = ['update', 'a', 'settling', NOW + 9_000];
const NOTHING = { changes: [], withheld: [], remember: [] };

describe('a field that we wrote a moment ago', () => {
  const url = written(
    { applied: { name: 'a', callbackUrl: NEW }, replaced: { callbackUrl: [OTHER, OLD] } },
    { callbackUrl: NEW },
  );
  const shows = (callbackUrl: string | undefined, listedAt = NOW) => ({
    apps: [observedApp(1, { name: 'a', callbackUrl })],
    listedAt,
  });

  it.each([OLD, OTHER, undefined])(
    'counts as written where the listing shows %s, which was before',
    (was) => {
      expect(told(url, shows(was))).toEqual({ ...NOTHING, withheld: [WAITS] });
    },
  );

  it('is in line where the listing shows it', () => {
    expect(told(url, shows(NEW))).toEqual(NOTHING);
  });

  it('is drift where the listing shows what never was', () => {
    const { changes, remember } = told(url, shows('https://rival.example.com/'));
    expect(changes).toEqual([['update', 'a', 'callback_url']]);
    expect(remember).toMatchObject([{ type: 'drift_seen' }]);
  });

  it('counts as it is shown from the settle time on, and as drift', () => {
    const late = { ...url, now: NOW + 9_000 };
    expect(told(late, shows(OLD, NOW + 8_999)).changes).toEqual([]);
    const { changes, remember } = told(late, shows(OLD, NOW + 9_000));
    expect(changes).toEqual([['update', 'a', 'callback_url']]);
    expect(remember).toMatchObject([{ type: 'drift_seen' }]);
  });

  it('is written again at once when the file changes', () => {
    const edited = { ...url, desired: written({}, { callbackUrl: OTHER }).desired };
    const { plan } = planOn(edited, shows(OLD));
    expect(plan.changes[0]?.fields).toMatchObject([{ before: NEW, after: OTHER, changedBy: 'file' }]);
  });

  it('is a name as well', () => {
    const name = written({ applied: { name: 'a' }, replaced: { name: ['b'] } });
    expect(told(name, { apps: [observedApp(1, { name: 'b' })] })).toEqual({ ...NOTHING, withheld: [WAITS] });
    expect(told(name, { apps: [observedApp(1, { name: 'c' })] }).changes).toHaveLength(1);
  });

  it('is a set of subscriptions as well', () => {
    const events = written(
      { applied: { name: 'a', events: ['x', 'y'] }, replaced: { events: [['x'], ['x', 'z']] } },
      { events: ['x', 'y'] },
    );
    const apps = [observedApp(1, { name: 'a' })];
    const shown = (...types: string[]) => told(events, { apps, events: new Map([[id(1), types]]) });
    for (const before of [['x'], ['x', 'z'], []]) {
      expect(shown(...before)).toMatchObject({ changes: [], withheld: [WAITS] });
    }
    expect(shown('y').changes).toEqual([['update', 'a', 'events']]);
    expect(shown('x', 'y')).toMatchObject({ changes: [], withheld: [] });
  });

  it('is not claimed after a write whose outcome is unknown', () => {
    const unknown = written(
      { applied: { name: 'a' }, replaced: { callbackUrl: [OLD] } },
      { callbackUrl: NEW },
    );
    expect(told(unknown, shows(OLD)).changes).toEqual([['update', 'a', 'callback_url']]);
  });
});

describe('an app that we deleted a moment ago', () => {
  const deleted = (key: string | null, parts: Parameters<typeof planInput>[0] = {}) => {
    const state = emptyState('lineage', 'endpoint');
    state.deleted.set(id(1), { key: key === null ? null : keyOf(key), at: NOW - 1_000 });
    return planInput({ ...parts, state });
  };
  const apps = [observedApp(1, { name: 'a' })];

  it('is told while it is listed, and neither deleted again nor told as unmanaged', () => {
    const { plan } = planOn(deleted('a', { policy: { prune: 'all' } }), { apps });
    expect(plan.changes).toEqual([]);
    expect(plan.unmanaged).toEqual([]);
    expect(plan.withheld).toMatchObject([
      { action: 'delete', key: 'a', id: id(1), reason: 'settling', until: NOW + 9_000 },
    ]);
  });

  it('is not adopted by an entry that comes back, which gets a new app', () => {
    const { changes, withheld } = told(deleted('a', { entries: [entry('a')] }), { apps });
    expect(changes).toEqual([['create', 'a', 'name']]);
    expect(withheld).toEqual([['delete', null, 'settling', NOW + 9_000]]);
  });

  it('is an app like any other once the settle time is over', () => {
    const input = { ...deleted('a'), now: NOW + 9_000 };
    expect(planOn(input, { apps }).plan).toMatchObject({ withheld: [], unmanaged: [{ id: id(1) }] });
  });
});

describe('rounds once a second', () => {
  const wanted = entry('a', { callbackUrl: NEW });

  /** Plans each second on what `shows` says, applies what is due, and counts the updates that were sent. */
  function run(seconds: number, settleMs: number, shows: (now: number, writtenAt: number) => string) {
    const applied = { name: 'a', callbackUrl: NEW };
    const input = planInput({
      ...{ entries: [wanted], policy: { settleMs } },
      owned: [ownedApp('a', 1, { name: 'a', applied, writtenAt: NOW, replaced: { callbackUrl: [OLD] } })],
    });
    const state = input.state as MutableState;
    const sent: number[] = [];
    let drifts = 0;
    for (let now = NOW; now <= NOW + seconds * 1_000; now += 1_000) {
      const writtenAt = state.apps.get(keyOf('a'))?.writtenAt ?? 0;
      const before = shows(now, writtenAt);
      const apps = [observedApp(1, { name: 'a', callbackUrl: before })];
      const { plan, remember } = planOn({ ...input, now }, { apps });
      for (const change of remember) foldStateChange(state, change);
      drifts += remember.filter(({ type }) => type === 'drift_seen').length;
      if (plan.changes.length === 0) continue;
      sent.push(now);
      const replaced = {
        callbackUrl: [...(state.apps.get(keyOf('a'))?.replaced?.callbackUrl ?? []), before],
      };
      const patch = { writtenAt: now, replaced };
      foldStateChange(state, { type: 'app_changed', key: keyOf('a'), patch });
    }
    return { sent: sent.length, drifts, isHeld: () => (state.drifts.get(keyOf('a')) ?? []).length >= 3 };
  }

  it('send at most three corrections to a rival who flips the field after each of our writes', () => {
    const back = run(60, 10_000, () => OLD);
    expect(back.sent).toBeLessThanOrEqual(3);
    expect(back.isHeld()).toBe(true);
    const always = run(60, 10_000, (now) => `https://rival.example.com/${now}`);
    expect(always.sent).toBeLessThanOrEqual(3);
    const two = run(60, 10_000, (now) => (now % 2_000 === 0 ? OLD : OTHER));
    expect(two.sent).toBeLessThanOrEqual(3);
  });

  it('send nothing and see no drift where an edit is shown 25 s late and listings may lag 30 s', () => {
    const late = run(60, 30_000, (now, writtenAt) => (now < writtenAt + 25_000 ? OLD : NEW));
    expect(late).toMatchObject({ sent: 0, drifts: 0 });
    const broken = run(60, 0, (now, writtenAt) => (now < writtenAt + 25_000 ? OLD : NEW));
    expect(broken.drifts).toBeGreaterThan(0);
  });
});
