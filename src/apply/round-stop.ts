/**
 * Whether a round may continue: told by a signal, a newer configuration, a deadline or a failure that
 * concerns all.
 */

import { type Message, message } from '../messages/message.ts';
import type { Operation } from '../model/calls.ts';
import type { Change } from '../model/plan.ts';

export interface RoundStop {
  /** Why no further change may begin; undefined while the round continues. */
  beforeChange(): Message | undefined;
  /** Why nothing more may be sent at all, not even for a change that has begun. */
  beforeStep(): Message | undefined;
  /** Stops the round from inside. The first reason holds. */
  raise(reason: Message): void;
}

export interface StopConditions {
  /** Aborted: the call in flight is finished, nothing more is sent. */
  readonly signal: AbortSignal;
  /** Aborted: changes that have begun are finished, no other begins. */
  readonly preempt?: AbortSignal;
  /** On the monotonic clock, in milliseconds: no change begins after it. */
  readonly deadline?: number;
  /**
   * What the plan rests on; asked directly before each attempt of a write leaves. Absent: anything may leave.
   */
  readonly basis?: PlanBasis;
}

/** Whether what a plan was made on still holds; reconcile/plan-round.ts decides it. */
export interface PlanBasis {
  /** Why a write of this change must not leave any more; undefined lets it pass. */
  mayLeave(operation: Operation, change: Change): Promise<Message | undefined>;
}

export function createRoundStop(
  conditions: StopConditions,
  clock: { readonly monotonic: () => number },
): RoundStop {
  const { signal, preempt, deadline } = conditions;
  let raised: Message | undefined;
  const beforeStep = () => raised ?? (signal.aborted ? message('apply.told_to_stop') : undefined);
  return {
    beforeStep,
    beforeChange() {
      const reason = beforeStep();
      if (reason !== undefined) return reason;
      if (preempt?.aborted) return message('apply.newer_configuration');
      if (deadline !== undefined && clock.monotonic() >= deadline) return message('apply.deadline_passed');
      return undefined;
    },
    raise(reason) {
      raised ??= reason;
    },
  };
}
