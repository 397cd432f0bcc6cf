import { describe, expect, it } from 'vitest';
import {
  entry,
  id,
  keyOf,
  NOW,
  observedApp,
  ownedApp,
  planInput,
  planOn,
} from '../../test/builders/plan-world.ts';
import { say } from '../messages/say.ts';
import { emptyState } from '../model/state.ts';

const OURS = observedApp(1, { name: 'a' });
const DUPLICATE = observedApp(2, { name: 'a' });

const plan = (
  wanted: Parameters<typeof entry>[1] = {},
  owned: Parameters<typeof ownedApp>[2] = {},
  apps = [OURS, DUPLICATE],
) => {
  const input = planInput({
    entries: [entry('a', wanted)],
    owned: [ownedApp('a', 1, { name: 'a', ...owned })],
  });
  return planOn(input, { apps });
};

const duplicatesOf = ({ remember }: ReturnType<typeof plan>) =>
  remember.flatMap((change) =>
    change.type === 'app_changed' && change.patch.duplicates !== undefined ? [change.patch.duplicates] : [],
  );

describe('a duplicate', () => {
  it('is told with both ids, which is ours, since when, and what to do; and is remembered', () => {
    const first = plan();
    const [held] = first.plan.withheld;
    expect(held).toMatchObject({
      ...{ action: 'delete', key: 'a', id: id(2), reason: 'duplicate', needsDecision: true },
      candidates: [id(1), id(2)],
    });
    expect(first.plan.changes).toEqual([]);
    expect(first.plan.unmanaged).toMatchObject([{ id: id(2) }]);
    expect(held && say(held.release)).toContain(`callbackd delete ${id(2)}`);
    expect(duplicatesOf(first)).toContainEqual([{ id: id(2), at: NOW }]);

    const later = plan({}, { duplicates: [{ id: id(2), at: NOW - 3_600_000 }] });
    const [again] = later.plan.withheld;
    expect(again && say(again.message)).toContain(`${id(2)} is not ours and looks like ${id(1)}`);
    expect(again && say(again.message)).toContain('1h ago');
    expect(duplicatesOf(later)).toEqual([]);
    expect(later.plan.digest).toBe(first.plan.digest);
  });

  it('is forgotten when it goes, and told no more when the entry accepts it', () => {
    const duplicates = [{ id: id(2), at: NOW }];
    expect(duplicatesOf(plan({}, { duplicates }, [OURS]))).toEqual([null]);
    const accepted = plan({ acceptDuplicates: [id(2)] }, { duplicates });
    expect(accepted.plan.withheld).toEqual([]);
    expect(duplicatesOf(accepted)).toEqual([null]);
  });

  it('is each of several, and none that is owned, pinned, of another name, or beside a paused entry', () => {
    const third = observedApp(3, { name: 'a' });
    expect(plan({}, {}, [OURS, DUPLICATE, third]).plan.withheld.map((item) => item.id)).toEqual([
      id(2),
      id(3),
    ]);
    expect(plan({}, {}, [OURS, observedApp(2, { name: 'b' })]).plan.withheld).toEqual([]);
    expect(plan({ paused: {} }).plan.withheld).toEqual([]);
    const pinned = planInput({
      entries: [entry('a'), entry('b', { id: id(2) })],
      owned: [ownedApp('a', 1, { name: 'a' })],
    });
    expect(planOn(pinned, { apps: [OURS, DUPLICATE] }).plan.withheld).toEqual([]);
  });

  it('is released by no approval, and keeps no grant of its entry alive', () => {
    const state = emptyState('lineage', 'endpoint');
    state.grants = [{ subject: 'a', by: 'ops', at: NOW }];
    const input = planInput({ entries: [entry('a')], owned: [ownedApp('a', 1, { name: 'a' })], state });
    const { plan: held, remember } = planOn(input, { apps: [OURS, DUPLICATE] });
    expect(held.withheld).toMatchObject([{ reason: 'duplicate' }]);
    expect(remember).toContainEqual({ type: 'grant_spent', subject: keyOf('a') });
  });
});
