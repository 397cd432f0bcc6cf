/**
 * Everything the planner gets. Time is `now` and hashing is `digest`: it calls no clock, file or network.
 */

import type { DesiredState } from '../model/desired.ts';
import type { Policy } from '../model/settings.ts';
import type { State } from '../model/state.ts';

/** One-shot permissions that came with the command; those recorded by `approve` are in the state. */
interface Grants {
  /**
   * `--allow-deletes`: lifts the delete limits of this one run, never `protect` and never the grace period.
   */
  readonly allowDeletes: boolean;
  /** Plan digests and entry keys (the id for an unmanaged app). */
  readonly subjects: ReadonlySet<string>;
}

/** A collision-resistant hash of a text, in printable form. */
export type Digest = (text: string) => string;

export interface PlanInput {
  readonly desired: DesiredState;
  readonly state: State;
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `daemon`: grace period, backoff and the subscription resync apply. `person`: somebody watches. */
  readonly mode: 'daemon' | 'person';
  readonly grants: Grants;
  readonly digest: Digest;
  /** The base URL that the plan is for. */
  readonly endpoint: string;
}

/**
 * How long a saved plan and a recorded grant stay valid: a working day plus a night, so that a plan reviewed
 * in the morning can be applied the next morning. Items whose entry or app moved are refused one by one long
 * before.
 */
export const APPROVAL_LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * How many characters of a plan's digest are enough to approve it: 48 bits, far more than the plans of one
 * day need.
 */
export const DIGEST_PREFIX = 12;
