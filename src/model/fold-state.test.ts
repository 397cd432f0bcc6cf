import { describe, expect, it } from 'vitest';
import { id, keyOf, ownedApp } from '../../test/builders/plan-world.ts';
import { foldStateChange } from './fold-state.ts';
import { InternalError } from './invariant.ts';
import { emptyState, type MutableState, type StateChange } from './state.ts';

const A = keyOf('a');
const intent = { key: A, appType: 'normal' as const, name: 'a', lookAlikes: [], openedAt: 1 };
const drift = (at: number) => ({ field: 'name' as const, at, from: 'x', to: 'y' });

function fold(...changes: readonly StateChange[]): MutableState {
  const state = emptyState('lineage', 'endpoint');
  for (const change of changes) foldStateChange(state, change);
  return state;
}

describe('foldStateChange', () => {
  it('counts every change in the serial', () => {
    expect(fold({ type: 'intent_closed', key: A }, { type: 'resumed', key: A }).serial).toBe(2);
  });

  it('closes the open create of a key that is bound', () => {
    const state = fold({ type: 'intent_opened', intent }, { type: 'app_bound', app: ownedApp('a', 1) });
    expect(state.intents.size).toBe(0);
    expect(state.apps.get(A)?.id).toBe(id(1));
  });

  it('patches fields, and removes the optional ones that are set to null', () => {
    const patch = { tokenFingerprint: 'f', condemnedAt: 5, replaces: id(9), activating: true };
    const bound = { type: 'app_bound', app: ownedApp('a', 1) } as const;
    const set = fold(bound, { type: 'app_changed', key: A, patch });
    expect(set.apps.get(A)).toEqual(ownedApp('a', 1, patch));
    const nothing = { tokenFingerprint: null, condemnedAt: null, replaces: null } as const;
    foldStateChange(set, { type: 'app_changed', key: A, patch: nothing });
    expect(set.apps.get(A)).toEqual(ownedApp('a', 1, { activating: true }));
    foldStateChange(set, { type: 'app_changed', key: A, patch: { protect: true } });
    expect(set.apps.get(A)).toEqual(ownedApp('a', 1, { activating: true, protect: true }));
  });

  it('ignores a patch for a key that is not bound', () => {
    expect(fold({ type: 'app_changed', key: A, patch: { protect: true } }).apps.size).toBe(0);
  });

  it('unbinds only the id it names: a key that was bound again stays', () => {
    const bound = { type: 'app_bound', app: ownedApp('a', 2) } as const;
    expect(fold(bound, { type: 'app_unbound', key: A, id: id(1) }).apps.size).toBe(1);
    expect(fold(bound, { type: 'app_unbound', key: A, id: id(2) }).apps.size).toBe(0);
  });

  it('notes when the request of an open create ended, and closes it', () => {
    const state = fold({ type: 'intent_opened', intent }, { type: 'intent_ended', key: A, at: 7 });
    expect(state.intents.get(A)).toEqual({ ...intent, endedAt: 7 });
    expect(fold({ type: 'intent_ended', key: A, at: 7 }).intents.size).toBe(0);
    foldStateChange(state, { type: 'intent_closed', key: A });
    expect(state.intents.size).toBe(0);
  });

  it('keeps the deletes that may count: begun, not refused, not expired', () => {
    const begun = (at: number) => ({ type: 'delete_begun', key: A, id: id(1), at }) as const;
    const state = fold(begun(1), begun(2), begun(3), { type: 'delete_refused', key: A, id: id(1), at: 2 });
    expect(state.deletions).toEqual([1, 3]);
    foldStateChange(state, { type: 'deletions_expired', before: 3 });
    expect(state.deletions).toEqual([3]);
    foldStateChange(state, { type: 'delete_refused', key: A, id: id(1), at: 99 });
    expect(state.deletions).toEqual([3]);
  });

  it('sets and clears backoffs, drifts, pauses, grants and the call count', () => {
    const backoff = { failures: 1, until: 2, entryDigest: 'd', reason: 'r' };
    const grant = { subject: 'a', by: 'ops', at: 1 };
    const state = fold(
      { type: 'backoff_set', key: A, backoff },
      { type: 'drift_seen', key: A, drift: drift(1) },
      { type: 'drift_seen', key: A, drift: drift(2) },
      { type: 'paused', key: A, pause: { by: 'ops' } },
      { type: 'paused', key: null, pause: {} },
      { type: 'granted', grant },
      { type: 'granted', grant: { ...grant, subject: 'b' } },
      { type: 'calls_counted', calls: { day: '2026-06-01', count: 3 } },
    );
    expect(state.backoffs.get(A)).toEqual(backoff);
    expect(state.drifts.get(A)).toEqual([drift(1), drift(2)]);
    expect([state.pauses.size, state.pausedAll, state.calls?.count]).toEqual([1, {}, 3]);
    const undo: readonly StateChange[] = [
      { type: 'backoff_cleared', key: A },
      { type: 'drifts_cleared', key: A, before: 2 },
      { type: 'resumed', key: A },
      { type: 'resumed', key: null },
      { type: 'grant_spent', subject: 'a' },
    ];
    for (const change of undo) foldStateChange(state, change);
    expect(state.drifts.get(A)).toEqual([drift(2)]);
    expect([state.backoffs.size, state.pauses.size, state.pausedAll]).toEqual([0, 0, undefined]);
    expect(state.grants).toEqual([{ ...grant, subject: 'b' }]);
    foldStateChange(state, { type: 'drifts_cleared', key: A, before: 9 });
    foldStateChange(state, { type: 'drifts_cleared', key: A, before: 9 });
    expect(state.drifts.size).toBe(0);
  });

  it('refuses a change that the types do not know', () => {
    expect(() => fold({ type: 'bogus' } as unknown as StateChange)).toThrow(InternalError);
  });
});
