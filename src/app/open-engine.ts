/**
 * Everything that may write, opened together and closed together: the state store with its lock, the account, the token
 * sink, the receivers' check, the history. A person's `apply` and the daemon run rounds on the same engine.
 */

import { applyPlan, changesUnderWay } from '../apply/apply-plan.ts';
import type { ReceiverCheck } from '../apply/ports.ts';
import { endWithin } from '../lib/clock.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { createProcessTable } from '../lib/process-table.ts';
import { sha256 } from '../lib/sha256.ts';
import type { EventLog } from '../log/event-log.ts';
import { writeOpenedState } from '../log/write-round.ts';
import { say } from '../messages/say.ts';
import type { Outcome } from '../model/round.ts';
import type { Settings } from '../model/settings.ts';
import { type CountedBudget, createCallBudget } from '../platform/call-budget.ts';
import type { PlanApplier } from '../reconcile/ports.ts';
import type { RoundDeps } from '../reconcile/run-round.ts';
import { openStateStore, type StateStore } from '../record/open-state-store.ts';
import type { FileTokenSink } from '../record/token-sink.ts';
import { type Account, type AccountDeps, openAccount } from './open-account.ts';
import { openReceivers } from './open-receivers.ts';
import { openTokenSink } from './open-token-sink.ts';

export interface Engine {
  readonly store: StateStore;
  /** Everything a round needs. */
  readonly round: RoundDeps;
  readonly budget: CountedBudget;
  /** How fast it sends at present. */
  readonly pacing: Account['pacing'];
  /** Ends what one round remembers and the next must not, such as the verdicts on receivers. */
  beginRound(): void;
  close(): Promise<void>;
}

export interface EngineDeps extends Omit<AccountDeps, 'budget'> {
  readonly pid: number;
  readonly log: EventLog;
  /** Told of each change as it ends. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** With the connections closed, what is left to do is a write of the state. */
const RECORDING_MS_MAX = 400;

/** Takes the lock first: nothing else is opened beside another instance. */
export async function openEngine(settings: Settings, deps: EngineDeps): Promise<Engine> {
  const { clock, random, pid, log } = deps;
  const store = await openStateStore({
    disk: nodeDisk,
    dir: settings.stateDir,
    endpoint: settings.platform.baseUrl,
    clock,
    random,
    process: createProcessTable(pid),
  });
  const { state, recoveredBytes } = store;
  writeOpenedState(log, { stateDir: settings.stateDir, state, recoveredBytes });
  const { callBudgetPerDay } = settings.platform;
  const budget = createCallBudget({
    ...(callBudgetPerDay === undefined ? {} : { perDay: callBudgetPerDay }),
    load: () => store.state.calls,
    save: (calls) => store.commit({ type: 'calls_counted', calls }),
    clock,
    onWarning: (warning) => log.write('call_budget_low', { detail: say(warning) }),
  });
  const account = openAccount(settings.platform, { ...deps, budget });
  const receivers = openReceivers(settings, deps);
  const sink = openTokenSink(settings);
  const applier = createApplier(settings, { ...deps, store, receivers, sink, writer: account.writer });
  return {
    store,
    budget,
    pacing: account.pacing,
    round: {
      observer: account.observer,
      journal: store,
      applier,
      ...(sink === undefined ? {} : { sink }),
      callsSent: account.callsSent,
      now: () => clock.now(),
      digest: sha256,
    },
    beginRound: () => receivers.beginRound(),
    async close() {
      account.close();
      // A call that was cut off just now still has its outcome to record.
      await endWithin(clock, applier.ended(), RECORDING_MS_MAX);
      try {
        await budget.settle();
      } finally {
        await store.close();
      }
    },
  };
}

/** Knows when the plan that is being applied has ended, failures included. */
interface FollowedApplier extends PlanApplier {
  ended(): Promise<void>;
}

interface ApplierParts extends EngineDeps {
  readonly store: StateStore;
  readonly receivers: ReceiverCheck;
  readonly sink: FileTokenSink | undefined;
  readonly writer: ReturnType<typeof openAccount>['writer'];
}

function createApplier({ platform }: Settings, parts: ApplierParts): FollowedApplier {
  const { store, receivers, sink, writer, clock, onOutcome } = parts;
  const deps = {
    writer,
    journal: store,
    receivers,
    ...(sink === undefined ? {} : { sink }),
    clock,
    concurrency: changesUnderWay(platform.concurrency),
    onOutcome,
  };
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
