/**
 * What callbackd recorded. It changes only by a `StateChange`, which `record/` makes durable and folds in.
 */

import type { ManagedField, Pause } from './desired.ts';
import type { AppId, AppKey, AppType, ConnectorId } from './identity.ts';
import { assertNever } from './invariant.ts';

/** Values callbackd last wrote, or found equal to what was wanted. Absent: never managed. */
export interface AppliedFields {
  readonly name?: string;
  readonly callbackUrl?: string;
  readonly events?: readonly string[];
}

export interface OwnedApp {
  readonly key: AppKey;
  readonly id: AppId;
  readonly appType: AppType;
  readonly name?: string;
  readonly connectorId?: ConnectorId;
  readonly how: 'created' | 'adopted' | 'rebound';
  /** All instants are milliseconds since the epoch. */
  readonly boundAt: number;
  readonly applied: AppliedFields;
  /** When the subscriptions were last listed or written. */
  readonly eventsSeenAt?: number;
  /** When one of its fields was last written. What differs since then was not put right yet. */
  readonly writtenAt?: number;
  /** Remembered, so that it holds after the entry is gone from the YAML. */
  readonly protect: boolean;
  /** Keyed fingerprint of the verify_token that was delivered to the sink. */
  readonly tokenFingerprint?: string;
  /** Created, but URL or subscriptions are not all set yet. */
  readonly activating: boolean;
  /** When an orphan's grace period began. */
  readonly condemnedAt?: number;
  /** The app that this one replaces and that is still to be deleted. */
  readonly replaces?: AppId;
}

/** The durable note written before a create, because the platform picks the id. */
export interface CreateIntent {
  readonly key: AppKey;
  readonly appType: AppType;
  readonly name?: string;
  readonly connectorId?: ConnectorId;
  /** Ids of the look-alikes that existed before the POST. Sorted. */
  readonly lookAlikes: readonly AppId[];
  readonly openedAt: number;
  /** When the POST ended without a usable answer; the settle time counts from here. */
  readonly endedAt?: number;
  /** The app this create is meant to replace, for a `replace`. */
  readonly replaces?: AppId;
  /** Whether the entry was protected, so that it holds when the entry is gone before the app is bound. */
  readonly protect?: boolean;
}

/** An entry that failed is left alone until `until`, or until its desired side changes. */
export interface Backoff {
  readonly failures: number;
  readonly until: number;
  /** Fingerprint of the desired entry that failed. */
  readonly entryDigest: string;
  readonly reason: string;
}

/** Somebody else changed a field that we had applied. */
export interface DriftSeen {
  readonly field: ManagedField;
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

/** A one-shot permission of a person: a plan digest or an entry key. */
interface Grant {
  readonly subject: string;
  readonly by: string;
  readonly at: number;
}

export interface CallCount {
  /** UTC day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly count: number;
}

/** Read-only view of the recorded state. */
export interface State {
  readonly lineage: string;
  readonly serial: number;
  /** The base URL this state belongs to. */
  readonly endpoint: string;
  readonly apps: ReadonlyMap<AppKey, OwnedApp>;
  readonly intents: ReadonlyMap<AppKey, CreateIntent>;
  readonly backoffs: ReadonlyMap<AppKey, Backoff>;
  readonly drifts: ReadonlyMap<AppKey, readonly DriftSeen[]>;
  readonly pauses: ReadonlyMap<AppKey, Pause>;
  readonly pausedAll?: Pause;
  readonly grants: readonly Grant[];
  /** Instants at which deletes were begun; the sliding window of the daily limit. Ascending. */
  readonly deletions: readonly number[];
  readonly calls?: CallCount;
}

/**
 * One change, or several that become durable together or not at all: a list, because a round may adopt a
 * whole account.
 */
export type StateChanges = StateChange | readonly StateChange[];

/**
 * Everything that can happen to the state, in the past tense. Plain JSON, so that it can be logged as it is.
 */
export type StateChange =
  | { readonly type: 'app_bound'; readonly app: OwnedApp }
  | { readonly type: 'app_changed'; readonly key: AppKey; readonly patch: OwnedAppPatch }
  | { readonly type: 'app_unbound'; readonly key: AppKey; readonly id: AppId }
  | { readonly type: 'intent_opened'; readonly intent: CreateIntent }
  | { readonly type: 'intent_ended'; readonly key: AppKey; readonly at: number }
  | { readonly type: 'intent_closed'; readonly key: AppKey }
  | { readonly type: 'delete_begun'; readonly key: AppKey | null; readonly id: AppId; readonly at: number }
  /** The platform surely did not process the delete begun at that instant, so it does not count. */
  | { readonly type: 'delete_refused'; readonly key: AppKey | null; readonly id: AppId; readonly at: number }
  | { readonly type: 'deletions_expired'; readonly before: number }
  | { readonly type: 'backoff_set'; readonly key: AppKey; readonly backoff: Backoff }
  | { readonly type: 'backoff_cleared'; readonly key: AppKey }
  | { readonly type: 'drift_seen'; readonly key: AppKey; readonly drift: DriftSeen }
  | { readonly type: 'drifts_cleared'; readonly key: AppKey; readonly before: number }
  | { readonly type: 'paused'; readonly key: AppKey | null; readonly pause: Pause }
  | { readonly type: 'resumed'; readonly key: AppKey | null }
  | { readonly type: 'granted'; readonly grant: Grant }
  | { readonly type: 'grant_spent'; readonly subject: string }
  | { readonly type: 'calls_counted'; readonly calls: CallCount };

/** The parts of an owned app that change after binding. `null` removes an optional field. */
export interface OwnedAppPatch {
  readonly name?: string;
  readonly applied?: AppliedFields;
  readonly eventsSeenAt?: number;
  readonly writtenAt?: number;
  readonly protect?: boolean;
  readonly tokenFingerprint?: string | null;
  readonly activating?: boolean;
  readonly condemnedAt?: number | null;
  readonly replaces?: AppId | null;
}

/** The state while it is being folded; only `record/` holds one. */
export interface MutableState {
  lineage: string;
  serial: number;
  endpoint: string;
  readonly apps: Map<AppKey, OwnedApp>;
  readonly intents: Map<AppKey, CreateIntent>;
  readonly backoffs: Map<AppKey, Backoff>;
  readonly drifts: Map<AppKey, DriftSeen[]>;
  readonly pauses: Map<AppKey, Pause>;
  pausedAll?: Pause;
  grants: Grant[];
  deletions: number[];
  calls?: CallCount;
}

/** The state of an account nobody has managed yet. */
export function emptyState(lineage: string, endpoint: string): MutableState {
  return {
    lineage,
    serial: 0,
    endpoint,
    apps: new Map(),
    intents: new Map(),
    backoffs: new Map(),
    drifts: new Map(),
    pauses: new Map(),
    grants: [],
    deletions: [],
  };
}

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
      if (state.apps.get(change.key)?.id === change.id) state.apps.delete(change.key);
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
  const { tokenFingerprint, condemnedAt, replaces, ...plain } = patch;
  const next: { -readonly [Field in keyof OwnedApp]: OwnedApp[Field] } = { ...app, ...plain };
  if (tokenFingerprint === null) delete next.tokenFingerprint;
  else if (tokenFingerprint !== undefined) next.tokenFingerprint = tokenFingerprint;
  if (condemnedAt === null) delete next.condemnedAt;
  else if (condemnedAt !== undefined) next.condemnedAt = condemnedAt;
  if (replaces === null) delete next.replaces;
  else if (replaces !== undefined) next.replaces = replaces;
  return next;
}
