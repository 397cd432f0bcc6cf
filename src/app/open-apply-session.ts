/**
 * A person's `apply`: the engine with its lock, a plan made on it, and the application of that plan or a part
 * of it.
 */

import type { Configuration } from '../model/configuration.ts';
import type { Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import { collectTokens } from '../reconcile/collect-tokens.ts';
import { type PlannedRound, planRound } from '../reconcile/plan-round.ts';
import { recall } from '../reconcile/recall.ts';
import { openWithClosers } from './closers.ts';
import type { Context } from './context.ts';
import { createObservers } from './observers.ts';
import { openEngine } from './open-engine.ts';
import { findOwner, type PlanSession } from './open-plan-session.ts';
import { createLogObserver, openEventLog, openHistory } from './open-records.ts';

/** Holds the state lock and may write. */
export interface ApplySession extends PlanSession {
  /** Remembers what the planner noted and applies `plan`, which may be a part of `planned.plan`. */
  apply(
    planned: PlannedRound,
    plan: Plan,
    options: {
      readonly signal: AbortSignal;
      /** Called for each change as it ends. */
      readonly onOutcome?: (outcome: Outcome) => void;
    },
  ): Promise<readonly Outcome[]>;
  /** How long to wait until an unknown create can be settled, in milliseconds; absent when none is open. */
  settlesInMs(): number | undefined;
}

export function openApplySession(
  { settings, desired }: Configuration,
  context: Context,
): Promise<ApplySession> {
  const { clock } = context;
  const { policy, platform } = settings;
  return openWithClosers(async (closers) => {
    const log = await openEventLog(settings, context, { stream: 'stderr', closers });
    const history = openHistory(settings, log, closers);
    const observers = createObservers();
    observers.add(createLogObserver(log));
    observers.add(history.observer);
    const engine = await openEngine(settings, context, { log, observers, closers });
    const { store, round } = engine;
    return {
      async plan(grants, signal) {
        engine.beginRound();
        await recall(store, { sink: round.sink, now: clock.now() });
        const endpoint = platform.baseUrl;
        return planRound(round, store.state, { desired, policy, endpoint, mode: 'person', grants, signal });
      },
      async apply(planned, plan, { signal, onOutcome }) {
        const leave = observers.add(onOutcome === undefined ? {} : { onOutcome });
        if (planned.remember.length > 0) await store.commit(planned.remember);
        const tokens = collectTokens(plan, planned.observed);
        try {
          return await round.applier.apply({ plan, tokens }, { signal });
        } finally {
          leave();
          await history.settle();
        }
      },
      ownerOf: (id) => findOwner(store.state, id),
      settlesInMs() {
        const ends = [...store.state.intents.values()].map((intent) => intent.endedAt ?? clock.now());
        return ends.length === 0 ? undefined : Math.max(0, Math.max(...ends) + policy.settleMs - clock.now());
      },
    } satisfies Omit<ApplySession, 'close'>;
  });
}
