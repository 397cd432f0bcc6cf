import { describe, expect, it } from 'vitest';
import {
  ENDPOINT,
  entry,
  id,
  keyOf,
  NOW,
  observedApp,
  ownedApp,
  planInput,
  planOn,
} from '../../test/builders/plan-world.ts';
import { verbatim } from '../messages/message.ts';
import type { Outcome } from '../model/round.ts';
import { emptyState } from '../model/state.ts';
import type { PlanInput } from '../plan/plan-input.ts';
import { createAccountView } from './account-view.ts';
import { createApiPages } from './api-pages.ts';
import { listApps } from './app-rows.ts';

type Account = Parameters<typeof planOn>[1];

/** The rows after a round that has planned on this account. */
function rowsOf(input: PlanInput, account: Account, result?: Outcome['result']) {
  const { plan, observed } = planOn(input, account);
  const view = createAccountView();
  view.observePlan(plan, observed);
  if (result !== undefined) {
    for (const change of plan.changes) {
      const failure =
        result === 'failed' ? { failure: { kind: 'disk' as const, message: verbatim('disk full') } } : {};
      view.observeOutcome({ change, result, calls: [], warnings: [], startedAt: 1, endedAt: 2, ...failure });
    }
  }
  return listApps({ desired: input.desired, state: input.state, view }, NOW);
}

const told = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ key, condition, reason, failure, action }) => [key, condition, reason, failure ?? action]);

const OWNED = ownedApp('a', 1, { name: 'a', eventsSeenAt: NOW, applied: { name: 'a' } });
const SEEN = { apps: [observedApp(1, { name: 'a' })] };

describe('the rows of apps', () => {
  it('show the query of a URL without its values, as the plan of the status server does', async () => {
    const callbackUrl = 'https://hooks.example.com/a?key=hunter-two';
    const input = planInput({ entries: [entry('a', { callbackUrl })] });
    const { plan } = planOn(input, { apps: [] });
    expect(rowsOf(input, { apps: [] })[0]?.callbackUrl).toBe('https://hooks.example.com/a?key=***');
    const snapshot = () => ({ facts: { loop: { lastPlanned: { plan } } } });
    const pages = createApiPages({ snapshot } as unknown as Parameters<typeof createApiPages>[0]);
    const page = await pages['/api/v1/plan']?.({} as never);
    expect(JSON.stringify(page)).toContain('?key=***');
    expect(JSON.stringify(page)).not.toContain('hunter');
  });

  it('do not claim anything before the first plan', () => {
    const { desired, state } = planInput({ entries: [entry('a')], owned: [OWNED] });
    expect(told(listApps({ desired, state, view: createAccountView() }, NOW))).toEqual([
      ['a', 'unknown', null, null],
    ]);
  });

  it('tell an app in sync from one to be done, one that failed and one whose time has not come', () => {
    expect(told(rowsOf(planInput({ entries: [entry('a')], owned: [OWNED] }), SEEN))).toEqual([
      ['a', 'in_sync', null, null],
    ]);
    const create = () => planInput({ entries: [entry('a')] });
    expect(told(rowsOf(create(), { apps: [] }))).toEqual([['a', 'pending', null, 'create']]);
    expect(told(rowsOf(create(), { apps: [] }, 'failed'))).toEqual([['a', 'failing', null, 'disk full']]);
    expect(told(rowsOf(create(), { apps: [] }, 'skipped'))).toEqual([['a', 'pending', null, 'create']]);
  });

  it('tell what waits: scheduled for deletion, paused by a person', () => {
    const scheduled = planInput({ owned: [{ ...OWNED, condemnedAt: NOW }] }, { mode: 'daemon' });
    expect(told(rowsOf(scheduled, SEEN))).toEqual([['a', 'deletion_scheduled', 'delete_grace', null]]);
    const paused = planInput({ entries: [entry('a', { paused: {} })], owned: [OWNED] });
    expect(told(rowsOf(paused, SEEN))).toEqual([['a', 'paused', 'paused', null]]);
    const over = planInput({ entries: [entry('a', { paused: { until: NOW } })], owned: [OWNED] });
    expect(told(rowsOf(over, SEEN))).toEqual([['a', 'in_sync', null, null]]);
  });

  it('put what needs a person first, then the keys in order', () => {
    const input = planInput({ entries: [entry('c'), entry('b'), entry('a')], owned: [OWNED] });
    const account = {
      apps: [observedApp(1, { name: 'a' }), observedApp(2, { name: 'c' }), observedApp(3, { name: 'c' })],
    };
    const rows = rowsOf({ ...input, policy: { ...input.policy, adopt: 'by_name' } }, account);
    expect(rows.map(({ key, condition }) => [key, condition])).toEqual([
      ['c', 'needs_decision'],
      ['b', 'pending'],
      ['a', 'in_sync'],
    ]);
  });

  it('drop an app whose delete was done, and list an unmanaged one under `prune: all` by its id', () => {
    const limits = { deletesPerRound: 5, deletesShare: 1, deletesPerDay: 20, missingShare: 1 };
    const state = emptyState('lineage', ENDPOINT);
    const input = planInput({
      state,
      entries: [entry('a')],
      owned: [OWNED, ownedApp('gone', 2, { condemnedAt: 0 })],
      policy: { prune: 'all', limits },
    });
    const account = { apps: [...SEEN.apps, observedApp(2), observedApp(3, { name: '<b>' })] };
    const rows = rowsOf(input, account);
    expect(rows.map(({ key }) => key)).toEqual(expect.arrayContaining(['a', 'gone', null]));
    expect(rows.find(({ key }) => key === null)).toMatchObject({ id: id(3), name: '<b>' });
    state.apps.delete(keyOf('gone'));
    expect(rowsOf(input, { apps: SEEN.apps }).map(({ key }) => key)).toEqual(['a']);
  });
});
