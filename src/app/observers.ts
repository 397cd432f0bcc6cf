/** The observers of an account's events: log, history, metrics, notifications and status pages. */

import type { LogEvent } from '../log/events.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { OnCall } from '../platform/ports.ts';

/** No method may throw. */
export interface Observer {
  /** An attempt of a request has ended. */
  readonly onCall?: OnCall;
  /** A plan was made and is about to be applied. */
  readonly onPlanned?: (plan: Plan, observed: ObservedState) => void;
  /** A change has ended. */
  readonly onOutcome?: (outcome: Outcome) => void;
  /** Called for every event of the log, whatever its level. */
  readonly onEvent?: (event: LogEvent) => void;
}

export interface Observers extends Required<Observer> {
  /** Adds `observer` after the existing ones. Returns a function that removes it. */
  add(observer: Observer): () => void;
}

export function createObservers(): Observers {
  const list = new Set<Observer>();
  return {
    add(observer) {
      list.add(observer);
      return () => void list.delete(observer);
    },
    onCall(report, about) {
      for (const { onCall } of list) onCall?.(report, about);
    },
    onPlanned(plan, observed) {
      for (const { onPlanned } of list) onPlanned?.(plan, observed);
    },
    onOutcome(outcome) {
      for (const { onOutcome } of list) onOutcome?.(outcome);
    },
    onEvent(event) {
      for (const { onEvent } of list) onEvent?.(event);
    },
  };
}
