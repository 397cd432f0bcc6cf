/**
 * One daemon, composed of the real parts over the simulated world: the composition root of the rehearsal, beside
 * `app/`. It starts where the last process left the disk and ends when it is told to, or in the middle of anything.
 */

import { chooseBootConfiguration } from '../daemon/configuration-keeper.ts';
import type { Configuration, Configurations, DaemonEvents } from '../daemon/ports.ts';
import { runDaemon } from '../daemon/run-daemon.ts';
import type { Disk } from '../lib/disk.ts';
import { createMemoryFiles } from '../lib/memory-file-reader.ts';
import { createLastGood } from '../record/last-good.ts';
import { openStateStore } from '../record/open-state-store.ts';
import { judgeReload } from '../source/judge-reload.ts';
import { loadConfiguration } from '../source/load-configuration.ts';
import type { ProcessDeps } from './process-deps.ts';
import { createRounds } from './simulated-rounds.ts';
import { BASE_URL, CONFIG_PATH, STATE_DIR } from './write-configuration.ts';

/** In bytes; short enough that a world of a few apps folds its log on the way, at an end, and leaves one behind. */
export const LOG_BOUNDS = { whileOpen: 6_000, atEnd: 1_500 };

/** Why a process does not start. */
export const NO_CONFIGURATION = 'the configuration is invalid and there is no last good one';

/** Runs until it is told to stop. Rejects when it cannot start, as a process would exit. */
export async function runProcess(deps: ProcessDeps): Promise<void> {
  const { life, sabotage, chance } = deps;
  const disk = sabotage.disk?.(deps.disk) ?? deps.disk;
  const { lastGood, ...whole } = createConfigurations(deps, disk);
  const configurations = sabotage.configurations?.(whole) ?? whole;
  const boot = chooseBootConfiguration(await configurations.load(), await lastGood(), judgeReload);
  if (!boot.ok) throw new Error(NO_CONFIGURATION);
  const opened = await openStateStore({
    disk,
    dir: STATE_DIR,
    endpoint: BASE_URL,
    clock: life.clock,
    random: () => chance.next(),
    process: deps.processes,
    logBounds: LOG_BOUNDS,
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
        callsToday: () => ({ day: '', count: 0 }),
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
  { life, operator, validator, log }: ProcessDeps,
  disk: Disk,
): Configurations & { readonly lastGood: () => Promise<Configuration | undefined> } {
  const options = { path: CONFIG_PATH, environment: {}, validator };
  const lastGood = createLastGood({ disk, dir: STATE_DIR });
  return {
    load: () => life.guard(() => loadConfiguration({ ...options, files: operator.files })),
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
