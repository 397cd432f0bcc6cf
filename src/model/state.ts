/**
 * What callbackd recorded. It changes only by a `StateChange`, which `record/` makes durable and folds in.
 */

import type { ManagedField, Pause } from './desired.ts';
import type { AppId, AppKey, AppType, ConnectorId } from './identity.ts';

/** Values callbackd last wrote, or found equal to what was wanted. Absent: never managed. */
export interface AppliedFields {
  readonly name?: string;
  readonly callbackUrl?: string;
  readonly events?: readonly string[];
}

/**
 * Values that our writes of the last hour replaced, oldest first: what a listing that lags may still show.
 */
export interface ReplacedFields {
  readonly name?: readonly string[];
  readonly callbackUrl?: readonly string[];
  readonly events?: readonly (readonly string[])[];
}

/** An app that we deleted, as far as the platform said so. */
export interface Deleted {
  /** `null` for an app that was not ours. */
  readonly key: AppKey | null;
  readonly at: number;
}

/** An app that is not ours and looks like one that is. */
export interface DuplicateSeen {
  readonly id: AppId;
  /** When it was first seen beside ours. */
  readonly at: number;
}

/** A person asked for a new app with a new verify_token, while the old one stays for a while. */
export interface Rotation {
  readonly by: string;
  readonly at: number;
  /** How long the old app stays once the new token is the one of the key. */
  readonly overlapMs: number;
  /** When the new token became the one of the key. */
  readonly switchedAt?: number;
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
  readonly replaced?: ReplacedFields;
  readonly duplicates?: readonly DuplicateSeen[];
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
  readonly rotation?: Rotation;
}

/** The durable note written before a create, because the platform picks the id. */
export interface CreateIntent {
  readonly key: AppKey;
  readonly appType: AppType;
  readonly name?: string;
  readonly connectorId?: ConnectorId;
  /** What its mark carries beside the tag of the state; absent for a create without a mark. */
  readonly nonce?: string;
  /** Ids that looked like the app to be made before the POST. Sorted. Absent: none. */
  readonly lookAlikes?: readonly AppId[];
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
  /** Present where a person has to know: the platform refused the name. */
  readonly because?: 'name_taken';
}

/** What is known about marks in the names of this account. */
export interface MarksSeen {
  /** A listing showed one of ours: this account keeps marks as they are. */
  readonly shown: boolean;
  /** The platform refused a marked name and took the plain one. */
  readonly refused: boolean;
  /** When a marked app that is not ours by binding was first listed. */
  readonly firstSeen: ReadonlyMap<AppId, number>;
  /**
   * How many strays may still be deleted: one for each create whose outcome was unknown, or whose app was given
   * up. It is no sliding window, so a restart or a long pause allows no more.
   */
  readonly strayDeletes: number;
  /** Strays whose delete was begun and counted, so that one cut off by a crash does not count again. */
  readonly begunDeletes: ReadonlySet<AppId>;
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
  /** Apps whose delete it allows, for as long as it is valid and they are left. */
  readonly ids?: readonly AppId[];
}

/** When this host booted, by the clock of decisions: over a restart it tells how much time passed. */
interface Boot {
  /** Another one after each boot. */
  readonly bootId: string;
  readonly bootAt: number;
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
  /** Deletes of the last day that succeeded. */
  readonly deleted: ReadonlyMap<AppId, Deleted>;
  readonly marks: MarksSeen;
  readonly calls?: CallCount;
  readonly boot?: Boot;
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
  /**
   * `deletedAt`: because it was deleted. `key` is null for an app that nobody owned. `leavesStray`: its name was
   * refused, so it is left to be deleted as a stray.
   */
  | {
      readonly type: 'app_unbound';
      readonly key: AppKey | null;
      readonly id: AppId;
      readonly deletedAt?: number;
      readonly leavesStray?: true;
    }
  | { readonly type: 'intent_opened'; readonly intent: CreateIntent }
  | { readonly type: 'intent_ended'; readonly key: AppKey; readonly at: number }
  | { readonly type: 'intent_closed'; readonly key: AppKey }
  | ({ readonly type: 'delete_begun' } & Deletion)
  /** The platform surely did not process the delete begun at that instant, so it does not count. */
  | ({ readonly type: 'delete_refused' } & Deletion)
  | { readonly type: 'deletions_expired'; readonly before: number }
  | { readonly type: 'backoff_set'; readonly key: AppKey; readonly backoff: Backoff }
  | { readonly type: 'backoff_cleared'; readonly key: AppKey }
  | { readonly type: 'drift_seen'; readonly key: AppKey; readonly drift: DriftSeen }
  | { readonly type: 'drifts_cleared'; readonly key: AppKey; readonly before: number }
  | { readonly type: 'paused'; readonly key: AppKey | null; readonly pause: Pause }
  | { readonly type: 'resumed'; readonly key: AppKey | null }
  | { readonly type: 'granted'; readonly grant: Grant }
  | { readonly type: 'grant_spent'; readonly subject: string }
  | { readonly type: 'marks_shown' }
  | { readonly type: 'marks_refused' }
  /** `at`: when the app was first listed; `null` when it is listed no more. */
  | { readonly type: 'mark_seen'; readonly id: AppId; readonly at: number | null }
  | { readonly type: 'calls_counted'; readonly calls: CallCount }
  | { readonly type: 'boot_noted'; readonly boot: Boot };

/** `stray`: it counts against the limit of strays instead of the daily one. */
interface Deletion {
  readonly key: AppKey | null;
  readonly id: AppId;
  readonly at: number;
  readonly stray?: true;
}

/** The parts of an owned app that change after binding. `null` removes an optional field. */
export interface OwnedAppPatch {
  readonly name?: string;
  readonly applied?: AppliedFields;
  readonly eventsSeenAt?: number;
  readonly writtenAt?: number;
  readonly replaced?: ReplacedFields;
  readonly protect?: boolean;
  readonly tokenFingerprint?: string | null;
  readonly activating?: boolean;
  readonly condemnedAt?: number | null;
  readonly replaces?: AppId | null;
  readonly rotation?: Rotation | null;
  readonly duplicates?: readonly DuplicateSeen[] | null;
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
  readonly deleted: Map<AppId, Deleted>;
  marks: MarksSeen;
  calls?: CallCount;
  boot?: Boot;
}

export const NO_MARKS: MarksSeen = {
  ...{ shown: false, refused: false, firstSeen: new Map(), strayDeletes: 0, begunDeletes: new Set() },
};

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
    deleted: new Map(),
    marks: NO_MARKS,
  };
}
