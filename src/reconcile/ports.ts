/** What a round needs from other folders; `app/` passes the implementations. */

import type { Message } from '../messages/message.ts';
import type { CallContext, Operation } from '../model/calls.ts';
import type { AppId, AppKey } from '../model/identity.ts';
import type { Listing, ObservedState, Questions } from '../model/observed.ts';
import type { Change, Plan, ReceiverVerdict } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { Secret } from '../model/secret.ts';
import type { State, StateChanges } from '../model/state.ts';

/** Reads the account. `list` rejects unless the listing is proven complete. */
export interface AccountObserver {
  list(context: CallContext): Promise<Listing>;
  answer(listing: Listing, questions: Questions, context: CallContext): Promise<ObservedState>;
}

/** The recorded state; a change is durable when `commit` resolves. */
export interface StateJournal {
  readonly state: State;
  /**
   * Reloads what is durable after a failed write, so that commits are possible again. Rejects while the
   * disk still fails.
   */
  recover(): Promise<void>;
  commit(changes: StateChanges): Promise<void>;
}

/** Where receivers find the verify_tokens that were delivered to them. */
export interface DeliveredTokens {
  /** The keys whose token, by its fingerprint, is not there any more; `asNext`: perhaps still as the next one. */
  findLost(delivered: ReadonlyMap<AppKey, string>, asNext: ReadonlySet<AppKey>): Promise<readonly AppKey[]>;
}

/** Challenges a receiver as the platform would. Resolves with a verdict; a refusal is not an error. */
export interface ReceiverCheck {
  check(url: string, context: CallContext): Promise<ReceiverVerdict>;
}

/**
 * What a plan rests on, asked again in front of each delete: a late create or update heals, a late delete
 * does not.
 */
export interface PlanBasis {
  /** Why a write of this change must not leave any more; undefined lets it pass. */
  mayLeave(operation: Operation, change: Change): Promise<Message | undefined>;
  /** Why it last held back a write; undefined while all of them could leave. */
  readonly refused: Message | undefined;
  /** Nothing is decided by it any more. `isDone`: all of the plan was carried out. */
  end(isDone?: boolean): void;
}

export interface ApplyOptions {
  /** Aborted: finish the call in flight, start nothing new. */
  readonly signal: AbortSignal;
  /** Aborted: finish the changes that have begun, begin no other. */
  readonly preempt?: AbortSignal;
  /** On the monotonic clock, in milliseconds: no change begins after it. */
  readonly deadline?: number;
  /** What the plan rests on, asked in front of each write. */
  readonly basis?: Pick<PlanBasis, 'mayLeave'>;
}

/** Executes a plan; decides nothing. */
export interface PlanApplier {
  apply(
    work: { readonly plan: Plan; readonly tokens: ReadonlyMap<AppId, Secret> },
    options: ApplyOptions,
  ): Promise<readonly Outcome[]>;
}
