/**
 * How each change of the state is folded into it; `record/` and the simulator agree by using the same code.
 */

import type { AppId, AppKey } from './identity.ts';
import { assertNever } from './invariant.ts';
import type { MarksSeen, MutableState, OwnedApp, OwnedAppPatch, StateChange } from './state.ts';

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
    case 'intent_ended':
      endIntent(state, change);
      return;
    case 'intent_closed':
      state.intents.delete(change.key);
      return;
    case 'delete_begun':
    case 'delete_refused':
      countDeletion(state, change);
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
    case 'resumed':
      foldPause(state, change);
      return;
    case 'granted':
      state.grants = [...state.grants, change.grant];
      return;
    case 'grant_spent':
      state.grants = state.grants.filter((grant) => grant.subject !== change.subject);
      return;
    case 'marks_shown':
    case 'marks_refused':
    case 'mark_seen':
      state.marks = foldMarks(state.marks, change);
      return;
    case 'calls_counted':
      state.calls = change.calls;
      return;
    case 'boot_noted':
      state.boot = change.boot;
      return;
    default:
      assertNever(change);
  }
}

function foldPause(state: MutableState, change: ChangeOf<'paused' | 'resumed'>): void {
  if (change.type === 'paused') {
    if (change.key === null) state.pausedAll = change.pause;
    else state.pauses.set(change.key, change.pause);
  } else if (change.key === null) delete state.pausedAll;
  else state.pauses.delete(change.key);
}

type ChangeOf<Type extends StateChange['type']> = Extract<StateChange, { readonly type: Type }>;

function unbind(state: MutableState, { key, id, deletedAt, leavesStray }: ChangeOf<'app_unbound'>): void {
  if (key !== null && state.apps.get(key)?.id === id) state.apps.delete(key);
  if (deletedAt !== undefined) state.deleted.set(id, { key, at: deletedAt });
  if (leavesStray) allowStrayDeletes(state, 1);
}

/** A create under a mark whose outcome is unknown may still make an app after it was given up. */
function endIntent(state: MutableState, { key, at }: ChangeOf<'intent_ended'>): void {
  const intent = state.intents.get(key);
  if (intent === undefined) return;
  if (intent.endedAt === undefined && intent.nonce !== undefined) allowStrayDeletes(state, 1);
  state.intents.set(key, { ...intent, endedAt: at });
}

function countDeletion(state: MutableState, change: ChangeOf<'delete_begun' | 'delete_refused'>): void {
  const isBegun = change.type === 'delete_begun';
  if (change.stray) countStrayDelete(state, change.id, isBegun);
  else if (isBegun) state.deletions.push(change.at);
  else state.deletions = withoutOne(state.deletions, change.at);
}

/** Each stray counts once, however often its delete is begun. */
function countStrayDelete(state: MutableState, id: AppId, isBegun: boolean): void {
  const begun = state.marks.begunDeletes;
  if (begun.has(id) === isBegun) return;
  allowStrayDeletes(state, isBegun ? -1 : 1);
  const others = [...begun].filter((other) => other !== id);
  state.marks = { ...state.marks, begunDeletes: new Set(isBegun ? [...others, id] : others) };
}

function foldMarks(
  marks: MarksSeen,
  change: ChangeOf<'marks_shown' | 'marks_refused' | 'mark_seen'>,
): MarksSeen {
  if (change.type === 'marks_shown') return { ...marks, shown: true };
  if (change.type === 'marks_refused') return { ...marks, refused: true };
  const isGone = change.at === null && marks.begunDeletes.has(change.id);
  const begun = [...marks.begunDeletes].filter((id) => id !== change.id);
  const left = isGone ? { begunDeletes: new Set(begun) } : {};
  return { ...marks, firstSeen: withSeen(marks.firstSeen, change), ...left };
}

/** Few marks are seen at once, so a copy costs nothing. */
function withSeen(
  firstSeen: MarksSeen['firstSeen'],
  { id, at }: { readonly id: AppId; readonly at: number | null },
): MarksSeen['firstSeen'] {
  const others = [...firstSeen].filter(([seen]) => seen !== id);
  return new Map(at === null ? others : [...others, [id, at]]);
}

function allowStrayDeletes(state: MutableState, more: number): void {
  state.marks = { ...state.marks, strayDeletes: Math.max(0, state.marks.strayDeletes + more) };
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
  const { tokenFingerprint, condemnedAt, replaces, rotation, duplicates, ...plain } = patch;
  const next: { -readonly [Field in keyof OwnedApp]: OwnedApp[Field] } = { ...app, ...plain };
  if (tokenFingerprint === null) delete next.tokenFingerprint;
  else if (tokenFingerprint !== undefined) next.tokenFingerprint = tokenFingerprint;
  if (condemnedAt === null) delete next.condemnedAt;
  else if (condemnedAt !== undefined) next.condemnedAt = condemnedAt;
  if (replaces === null) delete next.replaces;
  else if (replaces !== undefined) next.replaces = replaces;
  if (rotation === null) delete next.rotation;
  else if (rotation !== undefined) next.rotation = rotation;
  if (duplicates === null) delete next.duplicates;
  else if (duplicates !== undefined) next.duplicates = duplicates;
  return next;
}
