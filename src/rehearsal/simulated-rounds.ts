/** The rounds of one simulated daemon: the real `runRound` over the simulated account, disk and sink. */

import { applyPlan, changesUnderWay } from '../apply/apply-plan.ts';
import type { ApplyDeps } from '../apply/apply-round.ts';
import type { Configuration, Rounds } from '../daemon/ports.ts';
import type { Disk } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';
import type { PlanApplier } from '../reconcile/ports.ts';
import { runRound } from '../reconcile/run-round.ts';
import { createHistory } from '../record/history.ts';
import type { StateStore } from '../record/open-state-store.ts';
import { createTokenSink, type FileTokenSink } from '../record/token-sink.ts';
import type { ProcessDeps } from './process-deps.ts';
import type { Chance } from './random.ts';
import { openAccount } from './simulated-account.ts';
import { BASE_URL, SINK_DIR, STATE_DIR } from './write-configuration.ts';

interface RoundParts {
  readonly disk: Disk;
  readonly store: StateStore;
  readonly configuration: Configuration;
}

export function createRounds(deps: ProcessDeps, { disk, store, configuration }: RoundParts): Rounds {
  const { life, sabotage } = deps;
  const { clock } = life;
  const { platform } = configuration.settings;
  const account = openAccount(platform, deps);
  const journal = sabotage.journal?.(store) ?? store;
  const history = createHistory({
    disk,
    dir: STATE_DIR,
    onProblem: ({ error }) => deps.log(String(error)),
  });
  const current = { round: 0 };
  const sink = createSink(deps, disk);
  const applier = createApplier(deps, {
    writer: account.writer,
    journal,
    receivers: { check: async (url) => deps.checkReceiver(url) },
    ...sink,
    clock,
    concurrency: changesUnderWay(platform.concurrency),
    onOutcome: (outcome) => {
      deps.log(JSON.stringify(outcome));
      void history.append(current.round, outcome);
    },
  });
  const { observer, callsSent } = account;
  const roundDeps = { observer, now: clock.now, digest: sha256, journal, applier, callsSent, ...sink };
  return {
    async run({ round, triggers, configuration: inForce, signal, preempt, deadline }) {
      deps.onRoundBegan();
      current.round = round;
      const request = {
        desired: inForce.desired,
        policy: inForce.settings.policy,
        endpoint: BASE_URL,
        mode: 'daemon' as const,
        grants: { allowDeletes: false, subjects: new Set<string>() },
        signal,
        preempt,
        deadline,
      };
      const asked = sabotage.request?.(request) ?? request;
      const report = await runRound(roundDeps, asked, { round, triggers });
      deps.onRoundEnded(report, signal.aborted || preempt.aborted);
      return report;
    },
  };
}

function createApplier({ sabotage }: ProcessDeps, applyDeps: ApplyDeps): PlanApplier {
  const applier: PlanApplier = { apply: (work, options) => applyPlan(work, applyDeps, options) };
  return sabotage.applier?.(applier) ?? applier;
}

function createSink({ deliversTokens, chance }: ProcessDeps, disk: Disk): { readonly sink?: FileTokenSink } {
  if (!deliversTokens) return {};
  const randomBytes = (size: number) => drawBytes(chance, size);
  return { sink: createTokenSink({ disk, dir: SINK_DIR, stateDir: STATE_DIR, randomBytes }) };
}

function drawBytes(chance: Chance, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, () => chance.between(0, 255));
}
