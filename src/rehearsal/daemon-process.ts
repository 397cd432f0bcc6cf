/**
 * One daemon composed of the production parts over the simulated disk, network and clock, as `app/` does for
 * a real process.
 */

import { applyPlan, changesUnderWay } from '../apply/apply-plan.ts';
import type { ApplyDeps } from '../apply/apply-round.ts';
import { chooseBootConfiguration } from '../daemon/configuration-keeper.ts';
import type { DaemonControl } from '../daemon/daemon-control.ts';
import type { Configuration, Configurations, DaemonSignal, Rounds } from '../daemon/ports.ts';
import { runDaemon } from '../daemon/run-daemon.ts';
import type { Disk } from '../lib/disk.ts';
import type { ElapsedClock } from '../lib/elapsed-clock.ts';
import { createMemoryFiles } from '../lib/file-reader.ts';
import { sha256 } from '../lib/sha256.ts';
import { createStandstillGuard } from '../lib/standstill.ts';
import type { EventWriter } from '../log/event-log.ts';
import { createNonce } from '../model/mark.ts';
import type { ReceiverVerdict } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';
import type { PlanApplier } from '../reconcile/ports.ts';
import { runRound } from '../reconcile/run-round.ts';
import { openElapsedClock } from '../record/elapsed-time.ts';
import { createHistory } from '../record/history.ts';
import { createLastGood } from '../record/last-good.ts';
import type { StateStore } from '../record/open-state-store.ts';
import { openStateStore } from '../record/open-state-store.ts';
import type { ProcessTable } from '../record/state-lock.ts';
import { createTokenSink, type FileTokenSink } from '../record/token-sink.ts';
import { judgeReload } from '../source/judge-reload.ts';
import { loadConfiguration } from '../source/load-configuration.ts';
import { createFileLook } from '../source/look-again.ts';
import type { ShapeValidator } from '../source/validate-shape.ts';
import type { Rng } from './random.ts';
import { type AccountDeps, openAccount } from './simulated-account.ts';
import { BASE_URL, CONFIG_PATH, SINK_DIR, STATE_DIR } from './write-configuration.ts';

/** In bytes; small enough that worlds of a few apps compact their log while running and at the end. */
export const LOG_BOUNDS = { whileOpen: 6_000, atEnd: 1_500 };

/** The error of a process that cannot start. */
export const NO_CONFIGURATION = 'the configuration is invalid and there is no last good one';

export interface ProcessDeps extends AccountDeps {
  readonly disk: Disk;
  readonly validator: ShapeValidator;
  readonly deliversTokens: boolean;
  readonly checkReceiver: (url: string) => ReceiverVerdict;
  readonly signals: AsyncIterable<DaemonSignal>;
  readonly processes: ProcessTable;
  /** Of the host. */
  readonly bootId: string;
  readonly onOpened: (store: StateStore) => void;
  /** Wraps the journal to check what goes through it. */
  readonly follow: (journal: StateStore) => StateStore;
  readonly onControl: (control: DaemonControl) => void;
  readonly onRoundBegan: () => void;
  /** `wasStopped`: the round was aborted before it ended. */
  readonly onRoundEnded: (report: RoundReport, wasStopped: boolean) => void;
}

/** Runs until stopped. Rejects when it cannot start. */
export async function runProcess(deps: ProcessDeps): Promise<void> {
  const { instance, mutations, rng } = deps;
  const disk = mutations.disk?.(deps.disk) ?? deps.disk;
  const { lastGood, ...whole } = createConfigurations(deps, disk);
  const configurations = mutations.configurations?.(whole) ?? whole;
  const boot = chooseBootConfiguration(await configurations.load(), await lastGood(), judgeReload);
  if (!boot.ok) throw new Error(NO_CONFIGURATION);
  const opened = await openStateStore({
    disk,
    dir: STATE_DIR,
    endpoint: BASE_URL,
    clock: instance.clock,
    random: () => rng.next(),
    process: deps.processes,
    logBounds: LOG_BOUNDS,
  });
  deps.onOpened(opened);
  const store = deps.follow(opened);
  try {
    const clock = await openElapsedClock(store, instance.clock, deps.bootId);
    const rounds = createRounds(deps, { disk, store, clock, configuration: boot.configuration });
    await runDaemon(
      {
        boot,
        configurations,
        rounds: mutations.rounds?.(rounds) ?? rounds,
        journal: store,
        notifier: createSilentNotifier(),
        events: createEvents(deps),
        clock,
        random: () => rng.next(),
        version: '0.0.0',
        callsToday: () => ({ day: '', count: 0 }),
        log: () => ({ linesLost: 0, problem: undefined }),
        listen: async (control) => {
          deps.onControl(control);
          return [];
        },
      },
      deps.signals,
    );
  } finally {
    await store.close();
  }
}

function createConfigurations(
  { instance, operator, validator, log }: ProcessDeps,
  disk: Disk,
): Configurations & { readonly lastGood: () => Promise<Configuration | undefined> } {
  const options = { path: CONFIG_PATH, environment: {}, validator };
  const look = createFileLook({ ...options, files: operator.files }, instance.clock);
  const lastGood = createLastGood({ disk, dir: STATE_DIR });
  return {
    load: () => instance.guard(() => loadConfiguration({ ...options, files: operator.files })),
    look: (made) => instance.look(() => look.compare(made)),
    async lastGood() {
      const { stored, damage } = await lastGood.load();
      if (damage !== undefined) log(damage.problem);
      if (stored === undefined) return undefined;
      const loaded = await loadConfiguration({ ...options, files: createMemoryFiles(stored.sources) });
      return loaded.ok ? loaded.configuration : undefined;
    },
    keep: (configuration) => lastGood.save(configuration),
    judge: judgeReload,
    watch: ({ onChange }, signal) =>
      new Promise((resolve) => {
        const unwatch = operator.watch(() => instance.arrive(onChange));
        signal.addEventListener('abort', () => {
          unwatch();
          resolve();
        });
      }),
  };
}

/** No service manager is notified. */
function createSilentNotifier() {
  const silent = async () => {};
  return {
    watchdogMs: undefined,
    ready: silent,
    status: silent,
    reloading: silent,
    alive: silent,
    stopping: silent,
  };
}

function createEvents({ log }: ProcessDeps): EventWriter {
  return { write: (type, fields) => log(JSON.stringify({ type, ...fields })) };
}

interface RoundParts {
  readonly disk: Disk;
  readonly store: StateStore;
  readonly clock: ElapsedClock;
  readonly configuration: Configuration;
}

function createRounds(deps: ProcessDeps, { disk, store, clock, configuration }: RoundParts): Rounds {
  const { mutations } = deps;
  const { platform } = configuration.settings;
  const account = openAccount(platform, { ...deps, clock });
  const journal = mutations.journal?.(store) ?? store;
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
    nonce: () => createNonce(() => deps.rng.next()),
    concurrency: changesUnderWay(platform.concurrency),
    onOutcome: (outcome) => {
      deps.log(JSON.stringify(outcome));
      void history.append(current.round, outcome);
    },
  });
  const { observer, callsSent } = account;
  const standstill = createStandstillGuard(clock);
  const shared = { observer, now: clock.now, digest: sha256, journal, applier, callsSent, ...sink };
  const roundDeps = { ...shared, standstill: mutations.standstill?.(standstill) ?? standstill };
  return {
    async run({ round, triggers, configuration: inForce, onProgress: _, ...limits }) {
      deps.onRoundBegan();
      current.round = round;
      const request = {
        desired: inForce.desired,
        policy: inForce.settings.policy,
        endpoint: BASE_URL,
        mode: 'daemon' as const,
        grants: { allowDeletes: false, subjects: new Set<string>() },
        ...limits,
      };
      const asked = mutations.request?.(request, clock) ?? request;
      const report = await runRound(roundDeps, asked, { round, triggers });
      deps.onRoundEnded(report, limits.signal.aborted || limits.preempt.aborted);
      return report;
    },
  };
}

function createApplier({ mutations }: ProcessDeps, applyDeps: ApplyDeps): PlanApplier {
  const applier: PlanApplier = { apply: (work, options) => applyPlan(work, applyDeps, options) };
  return mutations.applier?.(applier) ?? applier;
}

function createSink({ deliversTokens, rng }: ProcessDeps, disk: Disk): { readonly sink?: FileTokenSink } {
  if (!deliversTokens) return {};
  const randomBytes = (size: number) => drawBytes(rng, size);
  return { sink: createTokenSink({ disk, dir: SINK_DIR, stateDir: STATE_DIR, randomBytes }) };
}

function drawBytes(rng: Rng, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, () => rng.between(0, 255));
}
