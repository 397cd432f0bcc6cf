/**
 * A person's `apply`: the engine with its lock, a plan made on it, and the application of that plan or a part
 * of it.
 */

import { hostFiles } from '../lib/file-reader.ts';
import { type Message, message } from '../messages/message.ts';
import type { Configuration } from '../model/configuration.ts';
import type { AppKey } from '../model/identity.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import { beginRotation } from '../plan/begin-rotation.ts';
import { collectTokens } from '../reconcile/collect-tokens.ts';
import { judgeFiles } from '../reconcile/judge-files.ts';
import { type PlannedRound, planRound } from '../reconcile/plan-round.ts';
import { recall } from '../reconcile/recall.ts';
import { judgeReload } from '../source/judge-reload.ts';
import { createFileLook } from '../source/look-again.ts';
import { openWithClosers } from './closers.ts';
import type { Context } from './context.ts';
import { type CommonFlags, configurationOptions } from './load-configuration.ts';
import { createObservers } from './observers.ts';
import { openEngine } from './open-engine.ts';
import { findOwner, type Grants, type PlanSession } from './open-plan-session.ts';
import { createLogObserver, openEventLog, openHistory } from './open-records.ts';

/** Holds the state lock and may write. */
export interface ApplySession extends Omit<PlanSession, 'plan'> {
  /** `made`: another configuration of the same account, where the files were read again since. */
  plan(grants: Grants, signal: AbortSignal, made?: Configuration): Promise<PlannedRound>;
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
  /** Records that the key is to have a new verify_token; resolves with why it cannot have one. */
  rotate(
    key: AppKey,
    wish: { readonly by: string; readonly overlapMs: number },
  ): Promise<Message | undefined>;
  /** How long to wait until an unknown create can be settled, in milliseconds; absent when none is open. */
  settlesInMs(): number | undefined;
}

/**
 * `flags`: how the configuration was found, so that its files can be looked at again before a delete; absent where it
 * has none, and then nothing is deleted.
 */
export function openApplySession(
  configuration: Configuration,
  context: Context,
  flags?: CommonFlags,
): Promise<ApplySession> {
  const { settings } = configuration;
  const { policy, platform } = settings;
  return openWithClosers(async (closers) => {
    const log = await openEventLog(settings, context, { stream: 'stderr', closers });
    const history = openHistory(settings, log, closers);
    const observers = createObservers();
    observers.add(createLogObserver(log));
    observers.add(history.observer);
    const engine = await openEngine(settings, context, { log, observers, closers });
    const { store, round, clock } = engine;
    const mayDelete = createFileCheck(configuration, flags, context);
    const bases = new Set<PlannedRound['basis']>();
    closers.add(() => {
      for (const basis of bases) basis.end();
    });
    return {
      async plan(grants, signal, made = configuration) {
        engine.beginRound();
        await recall(store, { sink: round.sink, now: clock.now() });
        const planned = await planRound(round, store.state, {
          ...{ mode: 'person', grants, signal, endpoint: platform.baseUrl },
          ...{ desired: made.desired, policy: made.settings.policy },
          mayDelete: (change) => mayDelete(change, made),
        });
        bases.add(planned.basis);
        return planned;
      },
      async apply(planned, plan, { signal, onOutcome }) {
        const leave = observers.add(onOutcome === undefined ? {} : { onOutcome });
        if (planned.remember.length > 0) await store.commit(planned.remember);
        const tokens = collectTokens(plan, planned.observed);
        try {
          return await round.applier.apply({ plan, tokens }, { signal, basis: planned.basis });
        } finally {
          leave();
          planned.basis.end();
          bases.delete(planned.basis);
          await history.settle();
        }
      },
      ownerOf: (id) => findOwner(store.state, id),
      owned: (key) => store.state.apps.get(key),
      async rotate(key, { by, overlapMs }) {
        const entry = configuration.desired.apps.get(key);
        const wish = { by, at: clock.now(), overlapMs };
        const begun = beginRotation(key, { state: store.state, entry }, wish);
        if (!begun.ok) return begun.problem;
        await store.commit(begun.changes);
        return undefined;
      },
      settlesInMs() {
        const ends = [...store.state.intents.values()].map((intent) => intent.endedAt ?? clock.now());
        return ends.length === 0 ? undefined : Math.max(0, Math.max(...ends) + policy.settleMs - clock.now());
      },
    } satisfies Omit<ApplySession, 'close'>;
  });
}

/** What the files say to a delete that was planned on `made`, at the moment it is to leave. */
function createFileCheck(
  { files: [main] }: Configuration,
  flags: CommonFlags | undefined,
  context: Context,
): (change: Change, made: Configuration) => Promise<Message | undefined> {
  if (main === undefined || flags === undefined) return async () => message('apply.files_invalid');
  const options = { ...configurationOptions(main, flags, context), files: hostFiles };
  const look = createFileLook(options, context.clock);
  return async (change: Change, made: Configuration): Promise<Message | undefined> =>
    judgeFiles(change, { made, now: await look.compare(made), judge: judgeReload });
}
