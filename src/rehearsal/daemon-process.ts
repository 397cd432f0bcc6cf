/**
 * One daemon, composed of the real parts over the simulated world: the composition root of the rehearsal, beside
 * `compose.ts`. It starts where the last process left the disk and ends when it is told to, or in the middle of anything.
 */

import { createHash } from 'node:crypto';
import { applyPlan } from '../apply/apply-plan.ts';
import type { ApplyDeps } from '../apply/apply-round.ts';
import { loadBootConfiguration } from '../daemon/configuration-keeper.ts';
import type { DaemonControl } from '../daemon/daemon-control.ts';
import type { Configuration, Configurations, DaemonEvents, DaemonSignal, Rounds } from '../daemon/ports.ts';
import { runDaemon } from '../daemon/run-daemon.ts';
import type { Disk } from '../lib/disk.ts';
import type { Transport } from '../lib/http-transport.ts';
import { createMemoryFiles } from '../lib/memory-file-reader.ts';
import type { RoundReport } from '../model/round.ts';
import { createObserver } from '../observe/create-observer.ts';
import { createPlatform } from '../platform/create-platform.ts';
import { createTokenFile } from '../platform/token-file.ts';
import { runRound } from '../reconcile/run-round.ts';
import { createHistory } from '../record/history.ts';
import { createLastGood } from '../record/last-good.ts';
import { openStateStore, type StateStore } from '../record/open-state-store.ts';
import type { ProcessTable } from '../record/state-lock.ts';
import { createTokenSink } from '../record/token-sink.ts';
import { judgeReload } from '../source/judge-reload.ts';
import { loadConfiguration } from '../source/load-configuration.ts';
import type { ShapeValidator } from '../source/validate-shape.ts';
import type { Life } from './life.ts';
import type { Operator } from './operator.ts';
import type { Chance } from './random.ts';
import type { Sabotage } from './sabotage.ts';
import { BASE_URL, CONFIG_PATH, SINK_DIR, STATE_DIR, TOKEN_PATH } from './write-configuration.ts';

export interface ProcessDeps {
  readonly life: Life;
  readonly disk: Disk;
  readonly transport: Transport;
  readonly operator: Operator;
  readonly chance: Chance;
  readonly validator: ShapeValidator;
  readonly deliversTokens: boolean;
  readonly sabotage: Sabotage;
  readonly signals: AsyncIterable<DaemonSignal>;
  readonly processes: ProcessTable;
  /** One line of the event log. */
  readonly log: (line: string) => void;
  readonly onOpened: (store: StateStore) => void;
  /** Watches what goes through the journal. */
  readonly follow: (journal: StateStore) => StateStore;
  readonly onControl: (control: DaemonControl) => void;
  readonly onRoundBegan: () => void;
  readonly onRoundEnded: (report: RoundReport) => void;
}

/** Runs until it is told to stop. Rejects when it cannot start, as a process would exit. */
export async function runProcess(deps: ProcessDeps): Promise<void> {
  const { life, sabotage, chance } = deps;
  const disk = sabotage.disk?.(deps.disk) ?? deps.disk;
  const whole = createConfigurations(deps, disk);
  const configurations = sabotage.configurations?.(whole) ?? whole;
  const boot = await loadBootConfiguration(configurations);
  if (!boot.ok) throw new Error('the configuration is invalid and there is no last good one');
  const opened = await openStateStore({
    disk,
    dir: STATE_DIR,
    endpoint: BASE_URL,
    clock: life.clock,
    random: () => chance.next(),
    process: deps.processes,
  });
  deps.onOpened(opened);
  const store = deps.follow(opened);
  try {
    await runDaemon(
      {
        boot,
        configurations,
        rounds: createRounds(deps, { disk, store, configuration: boot.configuration }),
        journal: store,
        notifier: createDeafNotifier(),
        events: createEvents(deps),
        clock: life.clock,
        random: () => chance.next(),
        version: '0.0.0',
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

function createConfigurations({ life, operator, validator, log }: ProcessDeps, disk: Disk): Configurations {
  const options = { path: CONFIG_PATH, environment: {}, validator };
  const lastGood = createLastGood({ disk, dir: STATE_DIR, onDamaged: ({ problem }) => log(problem) });
  return {
    load: () => life.guard(() => loadConfiguration({ ...options, files: operator.files })),
    async loadLastGood() {
      const stored = await lastGood.load();
      if (stored === undefined) return undefined;
      const loaded = await loadConfiguration({ ...options, files: createMemoryFiles(stored.sources) });
      return loaded.ok ? loaded.configuration : undefined;
    },
    keep: (configuration) => lastGood.save(configuration),
    judge: judgeReload,
    watch: (onChange, signal) =>
      new Promise((resolve) => {
        const unwatch = operator.watch(() => {
          if (life.step()) onChange();
        });
        signal.addEventListener('abort', () => {
          unwatch();
          resolve();
        });
      }),
  };
}

interface RoundParts {
  readonly disk: Disk;
  readonly store: StateStore;
  readonly configuration: Configuration;
}

function createRounds(deps: ProcessDeps, { disk, store, configuration }: RoundParts): Rounds {
  const { life, sabotage, chance, operator } = deps;
  const { clock } = life;
  let callsSent = 0;
  let current = 0;
  const history = createHistory({ disk, dir: STATE_DIR, onProblem: ({ error }) => deps.log(String(error)) });
  const platform = createPlatform({
    settings: configuration.settings.platform,
    tokens: createTokenFile({ path: TOKEN_PATH, files: operator.files, onWarning: deps.log }),
    transport: sabotage.transport?.(deps.transport) ?? deps.transport,
    clock,
    random: () => chance.next(),
    onCall: (report) => {
      callsSent += 1;
      deps.log(JSON.stringify(report));
    },
    userAgent: 'callbackd/0.0.0',
  });
  const lister = sabotage.lister?.(platform) ?? platform;
  const observer = createObserver({
    lister,
    clock,
    concurrency: configuration.settings.platform.concurrency,
  });
  const journal = sabotage.journal?.(store) ?? store;
  const sink = deps.deliversTokens
    ? createTokenSink({
        disk,
        dir: SINK_DIR,
        stateDir: STATE_DIR,
        randomBytes: (size) => drawBytes(chance, size),
      })
    : undefined;
  const applyDeps: ApplyDeps = {
    writer: sabotage.writer?.(platform) ?? platform,
    journal,
    receivers: { check: async () => ({ ok: true }) },
    ...(sink === undefined ? {} : { sink }),
    clock,
    concurrency: configuration.settings.platform.concurrency,
    onOutcome: (outcome) => {
      deps.log(JSON.stringify(outcome));
      void history.append(current, outcome);
    },
  };
  const applier = {
    apply: (work: Parameters<typeof applyPlan>[0], options: { readonly signal: AbortSignal }) =>
      applyPlan(work, applyDeps, options),
  };
  const roundDeps = {
    observer: sabotage.observer?.(observer) ?? observer,
    now: clock.now,
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    journal,
    applier: sabotage.applier?.(applier) ?? applier,
    callsSent: () => callsSent,
  };
  return {
    async run({ round, triggers, configuration: inForce, signal }) {
      deps.onRoundBegan();
      current = round;
      const request = {
        desired: inForce.desired,
        policy: inForce.settings.policy,
        endpoint: BASE_URL,
        mode: 'daemon' as const,
        grants: { allowDeletes: false, subjects: new Set<string>() },
        signal,
      };
      const report = await runRound(roundDeps, sabotage.request?.(request) ?? request, { round, triggers });
      deps.onRoundEnded(report);
      return report;
    },
  };
}

function drawBytes(chance: Chance, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, () => chance.between(0, 255));
}

/** There is no service manager in this world. */
function createDeafNotifier() {
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

function createEvents({ log }: ProcessDeps): DaemonEvents {
  return { report: (event) => log(JSON.stringify(event)) };
}
