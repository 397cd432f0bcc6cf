import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { entry, id, observedApp, ownedApp, planInput, planOn } from '../../test/builders/plan-world.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { Change } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import { Secret } from '../model/secret.ts';
import { createAccountView } from './account-view.ts';

const outcomeOf = (change: Change, overrides: Partial<Outcome> = {}): Outcome => ({
  ...{ change, result: 'applied', calls: [], warnings: [], startedAt: 1, endedAt: 2 },
  ...overrides,
});

/** One app to update, one to create, one to delete. */
function openView() {
  const input = planInput({
    entries: [entry('kept', { name: 'new name' }), entry('new')],
    owned: [
      ownedApp('kept', 1, { name: 'old', applied: { name: 'old' } }),
      ownedApp('gone', 2, { condemnedAt: 0 }),
    ],
    policy: {
      deleteGraceMs: 0,
      limits: { deletesPerRound: 5, deletesShare: 1, deletesPerDay: 20, missingShare: 1 },
    },
  });
  const apps = [observedApp(1, { name: 'old', verifyToken: new Secret('vt-one') }), observedApp(2)];
  const { plan, observed } = planOn(input, { apps });
  const view = createAccountView();
  view.observePlan(plan, observed);
  const changeOf = (action: Change['action']): Change => {
    const change = plan.changes.find((each) => each.action === action);
    if (change === undefined) throw new Error(`no ${action} is planned`);
    return change;
  };
  return { view, plan, observed, changeOf };
}

describe('the account as last seen', () => {
  it('is unknown before the first listing', () => {
    const view = createAccountView();
    expect([view.plan, view.snapshot]).toEqual([undefined, undefined]);
  });

  it('holds no verify_token, not even a wrapped one', () => {
    const { view, observed } = openView();
    expect([...observed.apps.values()].map((app: ObservedApp) => app.verifyToken.reveal())).toContain(
      'vt-one',
    );
    const seen = [...(view.snapshot?.observed.apps.values() ?? [])];
    expect(seen).toHaveLength(2);
    for (const app of seen) expect(app).not.toHaveProperty('verifyToken');
    expect(inspect(view.snapshot, { depth: null })).not.toContain('Secret');
  });

  it('counts what was applied as seen, and takes it off the plan', () => {
    const { view, changeOf } = openView();
    view.observeOutcome(outcomeOf(changeOf('update')));
    view.observeOutcome(outcomeOf(changeOf('create'), { id: id(9) }));
    view.observeOutcome(outcomeOf(changeOf('delete')));
    expect([...(view.snapshot?.observed.apps.values() ?? [])].map((app) => [app.id, app.name])).toEqual([
      [id(1), 'new name'],
      [id(9), 'new'],
    ]);
    expect(view.snapshot?.plan.changes).toEqual([]);
  });

  it('does not believe what failed', () => {
    const { view, changeOf } = openView();
    for (const action of ['update', 'create', 'delete'] as const) {
      view.observeOutcome(outcomeOf(changeOf(action), { result: 'failed' }));
    }
    expect([...(view.snapshot?.observed.apps.values() ?? [])].map((app) => [app.id, app.name])).toEqual([
      [id(1), 'old'],
      [id(2), undefined],
    ]);
    expect(view.snapshot?.plan.changes).toHaveLength(3);
  });

  it('forgets the outcomes of the round before, and leaves the listing of the round alone', () => {
    const { view, plan, observed, changeOf } = openView();
    view.observeOutcome(outcomeOf(changeOf('delete')));
    expect(observed.apps.size).toBe(2);
    view.observePlan(plan, observed);
    expect(view.outcomes.size).toBe(0);
    expect(view.snapshot?.observed.apps.size).toBe(2);
  });
});
