/** `callbackd run` put together: the boot configuration, the engine, the records, systemd, the servers, and the loop. */

import { type Boot, chooseBootConfiguration } from '../daemon/configuration-keeper.ts';
import type { Configurations, Notifier, Rounds } from '../daemon/ports.ts';
import { runDaemon } from '../daemon/run-daemon.ts';
import { startServers } from '../daemon/start-servers.ts';
import { createSystemdNotifier } from '../daemon/systemd-notifier.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { runCommand } from '../lib/run-command.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type RoundDeps, runRound } from '../reconcile/run-round.ts';
import { createLastGood } from '../record/last-good.ts';
import { judgeReload } from '../source/judge-reload.ts';
import { createConfigurationValidator } from '../source/load-configuration.ts';
import type { Context } from './context.ts';
import { createConfigurations, loadLastGood } from './create-configurations.ts';
import {
  type CommonFlags,
  configurationOptions,
  findConfigurationPath,
  findStateDir,
} from './load-configuration.ts';
import { type Engine, openEngine } from './open-engine.ts';
import { type DaemonMetrics, openMetrics } from './open-metrics.ts';
import { type DaemonNotifications, openNotifications } from './open-notifications.ts';
import { openRecords, type Records } from './open-records.ts';
import type { DaemonPages } from './open-status-pages.ts';
import { streamSignals } from './stream-signals.ts';

/** `refused`: there is no configuration to start with. */
export type DaemonRun =
  | { readonly how: 'ended' }
  | { readonly how: 'refused'; readonly diagnostics: readonly Diagnostic[] };

/** Lasts until it is told to stop. */
export async function runService(flags: CommonFlags, context: Context): Promise<DaemonRun> {
  const { clock } = context;
  const file = findConfigurationPath(flags, context);
  const options = {
    ...configurationOptions(file, flags, context),
    validator: await createConfigurationValidator(),
  };
  const files = createConfigurations({ options, clock });
  const loaded = await files.load();
  const stateDir = loaded.ok ? loaded.configuration.settings.stateDir : findStateDir(flags, context);
  const lastGood = createLastGood({ disk: nodeDisk, dir: stateDir });
  const copy = await loadLastGood(lastGood, options);
  const boot = chooseBootConfiguration(loaded, copy.configuration, judgeReload);
  if (!boot.ok) return { how: 'refused', diagnostics: boot.diagnostics };
  const configurations: Configurations = { ...files, keep: lastGood.save, judge: judgeReload };
  const { settings } = boot.configuration;
  const records = await openRecords(settings, context, 'stdout');
  if (copy.damage !== undefined) {
    records.log.write('last_good_damaged', { file: copy.damage.file, detail: copy.damage.problem });
  }
  if (loaded.ok && loaded.warnings.length > 0)
    records.log.write('configuration_warned', { problems: loaded.warnings });
  const { accountDeps } = records;
  let metrics: DaemonMetrics | undefined;
  let pages: DaemonPages | undefined;
  const engine = await openEngine(settings, {
    ...accountDeps,
    onCall(report, about) {
      accountDeps.onCall(report, about);
      metrics?.observeCall(report);
      pages?.observeCall(report);
    },
    pid: context.pid,
    log: records.log,
    onOutcome(outcome) {
      records.onOutcome(outcome);
      pages?.observeOutcome(outcome);
    },
  });
  const notifications = openNotifications(settings, context, {
    log: records.log,
    // Nobody can ask for the metrics any more when something is dropped.
    onDelivery({ receiver, type }) {
      if (type !== 'dropped') metrics?.countNotification(receiver, type);
    },
  });
  try {
    if (settings.statusListen !== undefined) {
      const bootOk = boot.problem === undefined && boot.held === undefined;
      metrics = await openMetrics(engine, { settings, bootOk, log: records.log }, context);
      const { openStatusPages } = await import('./open-status-pages.ts');
      pages = openStatusPages(
        { settings, state: () => engine.store.state, settled: records.settle },
        context,
      );
    }
    await runOn(engine, { boot, records, metrics, pages, notifications, configurations, context });
    return { how: 'ended' };
  } finally {
    notifications.close();
    await engine.close();
    await records.close();
  }
}

interface Service {
  readonly boot: Extract<Boot, { ok: true }>;
  readonly records: Records;
  /** Absent without a status server. */
  readonly metrics: DaemonMetrics | undefined;
  readonly notifications: DaemonNotifications;
  readonly pages: DaemonPages | undefined;
  readonly configurations: Configurations;
  readonly context: Context;
}

async function runOn(
  engine: Engine,
  { boot, records, metrics, pages, notifications, configurations, context }: Service,
): Promise<void> {
  const { clock, random, version } = context;
  const { settings } = boot.configuration;
  const { callBudgetPerDay: perDay } = settings.platform;
  const { log } = records;
  for (const observer of [metrics, notifications, pages])
    if (observer !== undefined) log.observe(observer.observeEvent);
  await runDaemon(
    {
      boot,
      configurations,
      rounds: createRounds(engine, records, pages),
      journal: engine.store,
      notifier: createNotifier(context, records),
      events: log,
      clock,
      random,
      version,
      callsToday: () => ({
        ...engine.budget.calls(),
        ...(perDay === undefined ? {} : { perDay }),
      }),
      listen: async (control, snapshot) =>
        startServers(control, settings, {
          ...(pages === undefined ? {} : { pages: await pages.serve(snapshot) }),
          onError: (error) => log.write('loop_failed', { err: error }),
          ...(metrics === undefined ? {} : { metrics: metrics.render }),
        }),
    },
    streamSignals(context.signals),
  );
}

/** One round on the engine, told to the records. */
function createRounds(engine: Engine, records: Records, pages: DaemonPages | undefined): Rounds {
  return {
    run({ round, triggers, configuration, signal, preempt, deadline, onProgress }) {
      engine.beginRound();
      records.setRound(round);
      records.onProgress(onProgress);
      const { desired, settings } = configuration;
      const deps: RoundDeps = {
        ...engine.round,
        onPlanned(plan, observed) {
          records.onPlanned(plan);
          pages?.observePlan(plan, observed);
        },
      };
      const grants = { allowDeletes: false, subjects: new Set<string>() };
      const endpoint = settings.platform.baseUrl;
      const { policy } = settings;
      return runRound(
        deps,
        { desired, policy, endpoint, mode: 'daemon', grants, signal, preempt, deadline },
        { round, triggers },
      );
    },
  };
}

function createNotifier({ environment }: Context, { log }: Records): Notifier {
  return createSystemdNotifier(
    { notifySocket: environment['NOTIFY_SOCKET'], watchdogUsec: environment['WATCHDOG_USEC'] },
    { run: runCommand, onFailure: (error) => log.write('loop_failed', { err: error }) },
  );
}
