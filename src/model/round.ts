/** The result of applying a plan, and of a whole round. */

import type { Message } from '../messages/message.ts';
import type { CallReport, FailureDetails } from './calls.ts';
import type { Change, Plan } from './plan.ts';

/** `skipped`: nothing was sent for it, because the round ended before its turn. */
export type OutcomeResult = 'applied' | 'failed' | 'skipped';

export interface Outcome {
  readonly change: Change;
  readonly result: OutcomeResult;
  /** Every attempt of every request made for this change, in order. */
  readonly calls: readonly CallReport[];
  readonly failure?:
    | FailureDetails
    | {
        /** `interrupted`: the round stopped between two steps of it; the next round finishes it. */
        readonly kind: 'internal' | 'disk' | 'receiver' | 'interrupted';
        readonly message: Message;
      };
  /** For `skipped`: why the round ended before its turn. */
  readonly skippedBecause?: Message;
  /**
   * Problems that did not fail the change but need attention, such as a receiver that failed its preflight.
   */
  readonly warnings: readonly Message[];
  /** For a create: the id the platform gave. */
  readonly id?: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Why a round began. */
export type Trigger =
  | 'start'
  | 'schedule'
  | 'file'
  | 'signal'
  | 'control'
  | 'settle'
  | 'retry'
  | 'clock'
  | 'command';

/**
 * `converged`: nothing to do or everything applied, nothing awaits a decision. `held`: nothing failed, but
 * something needs a decision. `failed`: a change failed. `aborted`: it stopped early (new YAML, shutdown,
 * deadline). `unreadable`: the account could not be listed completely, so nothing was planned.
 */
export type RoundResult = 'converged' | 'held' | 'failed' | 'aborted' | 'unreadable';

export interface RoundReport {
  /** Counts from 1 in this process. */
  readonly round: number;
  readonly triggers: readonly Trigger[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly result: RoundResult;
  readonly plan?: Plan;
  readonly outcomes: readonly Outcome[];
  readonly failure?: FailureDetails | { readonly kind: 'internal' | 'disk'; readonly message: Message };
  /** Requests sent in this round, retries included. */
  readonly calls: number;
}
