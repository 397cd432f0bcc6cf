/**
 * Everything that may write to one account: the state store with its lock, the platform, the token sink, the
 * check of receivers. A person's `apply` and the daemon run rounds on the same engine.
 */

import { applyPlan, changesUnderWay } from '../apply/apply-plan.ts';
import { endWithin } from '../lib/clock.ts';
import type { DiskError } from '../lib/disk.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import type { ElapsedClock } from '../lib/elapsed-clock.ts';
import { createProcessTable } from '../lib/process-table.ts';
import { sha256 } from '../lib/sha256.ts';
import { createStandstillGuard } from '../lib/standstill.ts';
import type { EventLog } from '../log/event-log.ts';
import { writeOpenedState } from '../log/write-round.ts';
import { type Message, message, verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { createNonce } from '../model/mark.ts';
import type { Settings } from '../model/settings.ts';
import { type CountedBudget, createCallBudget } from '../platform/call-budget.ts';
import type { PlanApplier } from '../reconcile/ports.ts';
import type { RoundDeps } from '../reconcile/run-round.ts';
import { openElapsedClock } from '../record/elapsed-time.ts';
import { openStateStore, type StateStore } from '../record/open-state-store.ts';
import type { Closers } from './closers.ts';
import type { Context } from './context.ts';
import type { Observers } from './observers.ts';
import { type Account, openAccount, openReceivers, openTokenSink } from './open-account.ts';

export interface Engine {
  readonly store: StateStore;
  /** What is decided by time is decided by this one. */
  readonly clock: ElapsedClock;
  /** Everything a round needs. */
  readonly round: RoundDeps;
  readonly budget: CountedBudget;
  /** How fast it sends at present. */
  readonly pacing: Account['pacing'];
  /** Ends what one round remembers and the next must not, such as the verdicts on receivers. */
  beginRound(): void;
}

export interface EngineDeps {
  readonly log: EventLog;
  readonly observers: Observers;
  readonly closers: Closers;
}

/** With the connections closed, what is left to do is a write of the state. */
const RECORDING_MS_MAX = 400;

/**
 * Takes the lock first: nothing else is opened beside another instance. Rejects with the errors of
 * `openStateStore`.
 */
export async function openEngine(
  settings: Settings,
  context: Context,
  { log, observers, closers }: EngineDeps,
): Promise<Engine> {
  const { random, pid } = context;
  const { stateDir, platform } = settings;
  const store = await openStateStore({
    disk: nodeDisk,
    dir: stateDir,
    endpoint: platform.baseUrl,
    clock: context.clock,
    random,
    process: createProcessTable(pid),
  });
  closers.add(() => store.close());
  const clock = await openElapsedClock(store, context.clock);
  writeOpenedState(log, { stateDir, state: store.state, recoveredBytes: store.recoveredBytes });
  const budget = createCallBudget({
    ...(platform.callBudgetPerDay === undefined ? {} : { perDay: platform.callBudgetPerDay }),
    load: () => store.state.calls,
    save: (calls) => store.commit({ type: 'calls_counted', calls }),
    clock,
    onWarning: (warning) => log.write('call_budget_low', { detail: say(warning) }),
  });
  closers.add(() => budget.settle());
  const { onCall, onPlanned, onOutcome } = observers;
  const onWarning = (warning: Message) => log.write('token_warning', { detail: say(warning) });
  const account = openAccount(platform, context, {
    onCall,
    onWarning,
    budget,
    clock,
    writeGates: [{ allow: async () => explainFailure(await store.findFailure()) }],
  });
  const receivers = openReceivers(settings, context);
  const sink = openTokenSink(settings);
  const shared = { clock, journal: store, ...(sink === undefined ? {} : { sink }) };
  const concurrency = changesUnderWay(platform.concurrency);
  const nonce = () => createNonce(random);
  const applier = createApplier({
    ...{ ...shared, writer: account.writer, receivers, concurrency, onOutcome, nonce },
  });
  closers.add(async () => {
    account.close();
    // A call that was cut off just now still has its outcome to record.
    await endWithin(clock, applier.ended(), RECORDING_MS_MAX);
  });
  return {
    store,
    clock,
    budget,
    pacing: account.pacing,
    round: {
      ...shared,
      observer: account.observer,
      applier,
      callsSent: account.callsSent,
      onPlanned,
      standstill: createStandstillGuard(clock, (standstill) => log.write('stood_still', standstill)),
      now: () => clock.now(),
      digest: sha256,
    },
    beginRound: () => receivers.beginRound(),
  };
}

function explainFailure(failure: DiskError | undefined): Message | undefined {
  return failure && message('apply.state_not_written', { why: verbatim(failure.message) });
}

/** Knows when the plan that is being applied has ended, failures included. */
interface FollowedApplier extends PlanApplier {
  ended(): Promise<void>;
}

function createApplier(deps: Parameters<typeof applyPlan>[1]): FollowedApplier {
  let running: Promise<unknown> = Promise.resolve();
  return {
    apply(work, options) {
      const outcomes = applyPlan(work, deps, options);
      running = outcomes;
      return outcomes;
    },
    ended: async () => void (await running),
  };
}
