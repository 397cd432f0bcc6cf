/**
 * The plan: plain data with every decision made. It can be saved, compared and approved, and holds no secret.
 */

import type { Message } from '../messages/message.ts';
import type { ManagedField, SourcePosition } from './desired.ts';
import type { AppId, AppKey, AppType, ConnectorId } from './identity.ts';
import { tagOf } from './mark.ts';
import type { Evidence } from './observed.ts';
import type { StateChange } from './state.ts';

export type Action = 'create' | 'update' | 'replace' | 'delete' | 'adopt' | 'rebind' | 'forget';

/** Why a change is wanted. */
export type ChangeReason =
  | 'new_entry'
  | 'vanished'
  | 'settled_absent'
  | 'newborn_found'
  | 'unfinished'
  | 'differs'
  | 'identity_changed'
  /** A person asked for a new verify_token. */
  | 'rotation'
  | 'pinned'
  | 'identical'
  | 'by_name'
  | 'renamed_key'
  | 'orphan'
  | 'unmanaged'
  /** Made late by a create of ours that nobody waited for any more. */
  | 'stray'
  /** Only its name is set: nothing else of it can be done now. */
  | 'marked_name'
  | 'orphan_absent';

export type FieldValue = string | readonly string[] | null;

/** Which side moved since the last apply. `new`: never applied before. */
export type ChangedBy = 'file' | 'account' | 'both' | 'new';

export interface FieldChange {
  readonly path: ManagedField | 'app_type' | 'connector_id';
  /** What the account holds; `null` when it holds nothing. */
  readonly before: FieldValue;
  /** What the entry asks for. */
  readonly after: FieldValue;
  readonly lastApplied: FieldValue;
  readonly changedBy: ChangedBy;
}

/** Whether a receiver answers the challenge; if not, how far it got (`dns`, `tls`, `http`, `echo`, ...). */
export type ReceiverVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly stage: string; readonly message: Message };

/** What `apply/` does, in order. Each step is restartable; none needs a decision. */
export type Step =
  | {
      readonly do: 'create_app';
      readonly appType: AppType;
      readonly name?: string;
      readonly connectorId?: ConnectorId;
      /** Whether the name is sent with a mark; `preferred`: the plain one where the platform refuses that. */
      readonly mark?: 'preferred' | 'required';
      /** Ids that look like the app to be made and are not it: the snapshot for the intent. Sorted. */
      readonly lookAlikes: readonly AppId[];
    }
  | { readonly do: 'bind'; readonly id: AppId; readonly how: 'created' | 'adopted' | 'rebound' }
  /** `next`: beside the token of the key, which stays. */
  | { readonly do: 'deliver_token'; readonly as?: 'next' }
  /** The next token of the key becomes its token, and that one the previous. */
  | { readonly do: 'promote_token' }
  /** Removes the previous token of the key. */
  | { readonly do: 'retire_token' }
  | {
      readonly do: 'check_receiver';
      readonly url: string;
      readonly mode: 'warn' | 'block';
      /** What a dry run found; a plan that is applied at once checks when the step's turn comes. */
      readonly verdict?: ReceiverVerdict;
    }
  | { readonly do: 'update_app'; readonly name?: string; readonly callbackUrl?: string }
  | { readonly do: 'subscribe'; readonly events: readonly string[] }
  | { readonly do: 'unsubscribe'; readonly events: readonly string[] }
  /** `id` may differ from the change's: the old app of a `replace`. */
  | { readonly do: 'delete_app'; readonly id: AppId }
  | { readonly do: 'unbind'; readonly id: AppId };

export interface Change {
  readonly action: Action;
  /** `null` only for an unmanaged app under `prune: all`. */
  readonly key: AppKey | null;
  /** `null` only before a create. */
  readonly id: AppId | null;
  readonly appType: AppType;
  readonly name: string | null;
  readonly connectorId: ConnectorId | null;
  readonly reason: ChangeReason;
  /** For `rebind`: the key the app was bound to. */
  readonly from?: AppKey;
  readonly fields: readonly FieldChange[];
  readonly steps: readonly Step[];
  /** Whether the entry is protected; recorded when the app is bound. */
  readonly protect: boolean;
  /** Fingerprint of the desired entry, `""` where there is none; backoff is bound to it. */
  readonly entryDigest: string;
  /**
   * Fingerprint of the observed app without its secret, `""` where there is none; a saved plan is bound to
   * it.
   */
  readonly observedDigest: string;
  /** What is permanently lost. */
  readonly destroys: readonly Message[];
  readonly position?: SourcePosition;
}

/** Reasons that the operator set or that end automatically. They never make `apply` exit 4. */
export const STANDING_REASONS = [
  'protected',
  'paused',
  'paused_all',
  'prune_never',
  'delete_grace',
  'overlap',
  'settling',
  'backoff',
] as const;

/** Reasons for which somebody must decide. */
export const ATTENTION_REASONS = [
  'deletes_per_round',
  'deletes_share',
  'deletes_per_day',
  'delete_everything',
  'ambiguous',
  'unowned_match',
  'possible_rename',
  'contested',
  'replace_not_allowed',
  'suspicious_absence',
  'listing_disagrees',
  'duplicate',
  'pin_not_found',
  'pin_taken',
  'unknown_app_type',
  'another_writer',
  'name_taken',
  'stray_in_use',
  'strays_per_day',
] as const;

type StandingReason = (typeof STANDING_REASONS)[number];
export type AttentionReason = (typeof ATTENTION_REASONS)[number];
export type WithheldReason = StandingReason | AttentionReason;

/** A change held by policy or a guard: listed, never dropped silently. */
export interface Withheld {
  readonly action: Action;
  readonly key: AppKey | null;
  readonly id: AppId | null;
  readonly appType: AppType | null;
  readonly name: string | null;
  readonly reason: WithheldReason;
  readonly needsDecision: boolean;
  /** One or two sentences: what is held and why, with the measured value and the limit. */
  readonly message: Message;
  /** How to unblock it: a command or an edit. */
  readonly release: Message;
  readonly fields: readonly FieldChange[];
  /** Other apps that take part: candidates, the other half of a rename. Sorted. */
  readonly candidates: readonly AppId[];
  /** When the hold ends automatically, in milliseconds since the epoch. */
  readonly until?: number;
  readonly position?: SourcePosition;
}

/**
 * What one approval by digest releases: the changes that a limit holds, and no others. The digest is the same for as
 * long as these are held, whatever else the plan says.
 */
export interface HeldSet {
  readonly digest: string;
  /** The key of each, or its id where there is no key. Sorted. */
  readonly subjects: readonly string[];
}

/** An app in the account that is not ours. */
export interface Unmanaged {
  readonly id: AppId;
  readonly appType: string;
  /** Without its mark. */
  readonly name: string | null;
  /** What its mark carries, where its name carries one: 4 hex digits of a lineage. */
  readonly mark?: string;
}

export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly adopt: number;
  readonly rebind: number;
  readonly forget: number;
  readonly unchanged: number;
  readonly withheld: number;
  readonly unmanaged: number;
}

export interface Plan {
  readonly formatVersion: 1;
  /** Hash of what the plan would do; the subject of `approve`. Independent of the clock. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly endpoint: string;
  readonly evidence: Evidence;
  readonly sourceDigest: string;
  readonly state: { readonly lineage: string; readonly serial: number };
  readonly summary: PlanSummary;
  /** In the order in which they are applied. */
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  /** Absent where no limit holds anything. */
  readonly held?: HeldSet;
  readonly unmanaged: readonly Unmanaged[];
}

/** Apps under the mark of another lineage: another callbackd works in this account, or one died there. */
export function findMarkedElsewhere({
  unmanaged,
  state,
}: Pick<Plan, 'unmanaged' | 'state'>): readonly Unmanaged[] {
  const ours = tagOf(state.lineage);
  return unmanaged.filter(({ mark }) => mark !== undefined && mark !== ours);
}

/** What a plan cannot see that was made where nothing is recorded. */
export const UNSEEN_WITHOUT_STATE = [
  'renamed_keys',
  'deletes',
  'drift',
  'protected_apps',
  'pauses',
  'unfinished_creates',
] as const;

/** Whether anything was recorded where the plan was made. */
export function hasState({ state }: Plan): boolean {
  return state.lineage !== '';
}

/**
 * What the planner returns: the plan, and what a round that may write should remember
 * (an orphan was scheduled for deletion, drift was seen). `plan` as a dry run throws `remember` away.
 */
export interface PlanResult {
  readonly plan: Plan;
  readonly remember: readonly StateChange[];
}
