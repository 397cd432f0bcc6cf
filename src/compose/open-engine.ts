/**
 * Everything that may write, opened together and closed together: the state store with its lock, the account, the token
 * sink, the receivers' check, the history. A person's `apply` and the daemon run rounds on the same engine.
 */

import { randomBytes } from 'node:crypto';
import { applyPlan } from '../apply/apply-plan.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import type { Outcome } from '../model/round.ts';
import type { Settings } from '../model/settings.ts';
import { createReceiverCheck } from '../platform/create-receiver-check.ts';
import type { PlanApplier } from '../reconcile/ports.ts';
import type { RoundDeps } from '../reconcile/run-round.ts';
import { createHistory } from '../record/history.ts';
import { openStateStore, type StateStore } from '../record/open-state-store.ts';
import { createTokenSink } from '../record/token-sink.ts';
import { type AccountDeps, openAccount } from './open-account.ts';
import { sha256 } from './sha256.ts';

export interface Engine {
  readonly store: StateStore;
  /** Everything a round needs. */
  readonly round: RoundDeps;
  close(): Promise<void>;
}

export interface EngineDeps extends AccountDeps {
  readonly pid: number;
  /** Told of each change as it ends, after it was written to the history. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Takes the lock first: nothing else is opened beside another instance. */
export async function openEngine(settings: Settings, deps: EngineDeps): Promise<Engine> {
  const { clock, random, pid } = deps;
  const endpoint = settings.platform.baseUrl;
  const store = await openStateStore({
    disk: nodeDisk,
    dir: settings.stateDir,
    endpoint,
    clock,
    random,
    process: { pid },
  });
  const account = openAccount(settings.platform, deps);
  return {
    store,
    round: {
      observer: account.observer,
      journal: store,
      applier: createApplier(settings, { ...deps, store, account }),
      callsSent: account.callsSent,
      now: () => clock.now(),
      digest: sha256,
    },
    async close() {
      account.close();
      await store.close();
    },
  };
}
