/**
 * How each change of the state is folded into it; `record/` and the simulator agree by using the same code.
 */

import type { AppKey } from './identity.ts';
import { assertNever } from './invariant.ts';
import type { MutableState, OwnedApp, OwnedAppPatch, StateChange } from './state.ts';

/**
 * Folds one change into the state, in place and in constant time, and raises the serial by one.
 * Binding closes the intent of the same key: an id that is recorded is no longer unknown.
 */
export function foldStateChange(state: MutableState, change: StateChange): void {
  state.serial += 1;
  switch (change.type) {
    case 'app_bound':
      state.apps.set(change.app.key, change.app);
      state.intents.delete(change.app.key);
      return;
    case 'app_changed': {
      const app = state.apps.get(change.key);
      if (app !== undefined) state.apps.set(change.key, patchOwnedApp(app, change.patch));
      return;
    }
    case 'app_unbound':
      unbind(state, change);
      return;
    case 'intent_opened':
      state.intents.set(change.intent.key, change.intent);
      return;
    case 'intent_ended': {
      const intent = state.intents.get(change.key);
      if (intent !== undefined) state.intents.set(change.key, { ...intent, endedAt: change.at });
      return;
    }
    case 'intent_closed':
      state.intents.delete(change.key);
      return;
    case 'delete_begun':
      state.deletions.push(change.at);
      return;
    case 'delete_refused':
      state.deletions = withoutOne(state.deletions, change.at);
      return;
    case 'deletions_expired':
      state.deletions = state.deletions.filter((at) => at >= change.before);
      for (const [id, { at }] of state.deleted) if (at < change.before) state.deleted.delete(id);
      return;
    case 'backoff_set':
      state.backoffs.set(change.key, change.backoff);
      return;
    case 'backoff_cleared':
      state.backoffs.delete(change.key);
      return;
    case 'drift_seen':
      state.drifts.set(change.key, [...(state.drifts.get(change.key) ?? []), change.drift]);
      return;
    case 'drifts_cleared':
      clearDrifts(state, change.key, change.before);
      return;
    case 'paused':
      if (change.key === null) state.pausedAll = change.pause;
      else state.pauses.set(change.key, change.pause);
      return;
    case 'resumed':
      if (change.key === null) delete state.pausedAll;
      else state.pauses.delete(change.key);
      return;
    case 'granted':
      state.grants = [...state.grants, change.grant];
      return;
    case 'grant_spent':
      state.grants = state.grants.filter((grant) => grant.subject !== change.subject);
      return;
    case 'calls_counted':
      state.calls = change.calls;
      return;
    default:
      assertNever(change);
  }
}

function unbind(
  { apps, deleted }: MutableState,
  { key, id, deletedAt }: Extract<StateChange, { type: 'app_unbound' }>,
): void {
  if (key !== null && apps.get(key)?.id === id) apps.delete(key);
  if (deletedAt !== undefined) deleted.set(id, { key, at: deletedAt });
}

function clearDrifts({ drifts }: MutableState, key: AppKey, before: number): void {
  const kept = (drifts.get(key) ?? []).filter((drift) => drift.at >= before);
  if (kept.length > 0) drifts.set(key, kept);
  else drifts.delete(key);
}

function withoutOne(instants: readonly number[], instant: number): number[] {
  const index = instants.lastIndexOf(instant);
  return instants.filter((_, place) => place !== index);
}

function patchOwnedApp(app: OwnedApp, patch: OwnedAppPatch): OwnedApp {
  const { tokenFingerprint, condemnedAt, replaces, duplicates, ...plain } = patch;
  const next: { -readonly [Field in keyof OwnedApp]: OwnedApp[Field] } = { ...app, ...plain };
  if (tokenFingerprint === null) delete next.tokenFingerprint;
  else if (tokenFingerprint !== undefined) next.tokenFingerprint = tokenFingerprint;
  if (condemnedAt === null) delete next.condemnedAt;
  else if (condemnedAt !== undefined) next.condemnedAt = condemnedAt;
  if (replaces === null) delete next.replaces;
  else if (replaces !== undefined) next.replaces = replaces;
  if (duplicates === null) delete next.duplicates;
  else if (duplicates !== undefined) next.duplicates = duplicates;
  return next;
}
