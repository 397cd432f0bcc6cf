/**
 * Wires up `callbackd run`: the configuration to start with, then what belongs to the process. What belongs to
 * one account is in `open-daemon-account.ts`.
 */

import { type Boot, chooseBootConfiguration } from '../daemon/configuration-keeper.ts';
import type { Configuration, ConfigurationResult, Configurations, DaemonSignal } from '../daemon/ports.ts';
import { runDaemon } from '../daemon/run-daemon.ts';
import { startServers } from '../daemon/start-servers.ts';
import { createSystemdNotifier } from '../daemon/systemd-notifier.ts';
import type { Clock } from '../lib/clock.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { findFileMount } from '../lib/file-mount.ts';
import { createMemoryFiles, hostFiles } from '../lib/file-reader.ts';
import { runCommand } from '../lib/run-command.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { createLastGood, type LastGood } from '../record/last-good.ts';
import { judgeReload } from '../source/judge-reload.ts';
import {
  createConfigurationValidator,
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration,
} from '../source/load-configuration.ts';
import { createFileLook } from '../source/look-again.ts';
import { chokidarHints, watchConfiguration } from '../source/watch-configuration.ts';
import { watchMounts } from '../source/watch-mounts.ts';
import { withClosers } from './closers.ts';
import type { Context, Signals } from './context.ts';
import {
  type CommonFlags,
  configurationOptions,
  findConfigurationPath,
  findStateDir,
} from './load-configuration.ts';
import { openDaemonAccount } from './open-daemon-account.ts';
import { openEventLog } from './open-records.ts';

/** `refused`: there is no configuration to start with. */
export type DaemonRun =
  | { readonly how: 'ended' }
  | { readonly how: 'refused'; readonly diagnostics: readonly Diagnostic[] };

/**
 * Resolves after a requested stop. Rejects when it cannot start, for example when another process holds the
 * state.
 */
export async function runService(flags: CommonFlags, context: Context): Promise<DaemonRun> {
  const { environment, random, version } = context;
  const started = await openBootConfiguration(flags, context);
  const { boot, configurations } = started;
  if (!boot.ok) return { how: 'refused', diagnostics: boot.diagnostics };
  const { settings } = boot.configuration;
  return withClosers(async (closers) => {
    const log = await openEventLog(settings, context, { stream: 'stdout', closers });
    logBootConfiguration(log, started);
    const onError = (error: unknown) => log.write('loop_failed', { err: error });

    const isFromFiles = boot.problem === undefined && boot.held === undefined;
    const account = await openDaemonAccount({ settings, isFromFiles }, context, { log, closers });
    const { clock, journal, rounds, callsToday, tokenExpiresAt, metrics, pages, view } = account;

    const notifier = createSystemdNotifier(
      { notifySocket: environment['NOTIFY_SOCKET'], watchdogUsec: environment['WATCHDOG_USEC'] },
      { run: runCommand, onFailure: onError },
    );
    await runDaemon(
      {
        boot,
        configurations,
        rounds,
        journal,
        notifier,
        events: log,
        clock,
        random,
        version,
        callsToday,
        view,
        tokenExpiresAt,
        listen: async (control, snapshot) =>
          startServers(control, settings, {
            ...(pages === undefined ? {} : { pages: await pages.serve(snapshot) }),
            ...(metrics === undefined ? {} : { metrics: metrics.render }),
            onError,
            clock,
            onControlSocket({ path: file, err }) {
              if (err === undefined) log.write('control_socket_bound_again', { file });
              else log.write('control_socket_lost', { file, err });
            },
          }),
      },
      streamSignals(context.signals),
    );
    return { how: 'ended' };
  });
}

/**
 * `reload` for each SIGHUP, `stop` for the first SIGTERM or SIGINT; the second one ends the process at the
 * edge.
 */
async function* streamSignals({ interrupted, onHangup }: Signals): AsyncGenerator<DaemonSignal> {
  const waiting: DaemonSignal[] = [];
  let wake = () => {};
  const post = (signal: DaemonSignal) => {
    waiting.push(signal);
    wake();
  };
  onHangup(() => post('reload'));
  if (interrupted.aborted) post('stop');
  else interrupted.addEventListener('abort', () => post('stop'), { once: true });
  for (;;) {
    const signal = waiting.shift();
    if (signal !== undefined) yield signal;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

interface BootConfiguration {
  readonly boot: Boot;
  readonly configurations: Configurations;
  /** What the files say, and why the last good copy cannot be used: for the log, which is opened later. */
  readonly loaded: ConfigurationResult;
  readonly damage: CopyDamage | undefined;
}

interface CopyDamage {
  readonly file: string;
  readonly problem: string;
}

/**
 * Reads the files once, and the last good copy beside the state. Throws an AppFailure when there is no file
 * to read.
 */
async function openBootConfiguration(flags: CommonFlags, context: Context): Promise<BootConfiguration> {
  const file = findConfigurationPath(flags, context);
  const validator = await createConfigurationValidator();
  const options = { ...configurationOptions(file, flags, context), validator };
  const files = createConfigurations({ options, clock: context.clock });
  const loaded = await files.load();
  const stateDir = loaded.ok ? loaded.configuration.settings.stateDir : findStateDir(flags, context);
  const lastGood = createLastGood({ disk: nodeDisk, dir: stateDir });
  const copy = await loadLastGood(lastGood, options);
  return {
    boot: chooseBootConfiguration(loaded, copy.configuration, judgeReload),
    configurations: { ...files, keep: lastGood.save, judge: judgeReload },
    loaded,
    damage: copy.damage,
  };
}

function logBootConfiguration(log: EventLog, { loaded, damage }: BootConfiguration): void {
  if (damage !== undefined) log.write('last_good_damaged', { file: damage.file, detail: damage.problem });
  if (loaded.ok && loaded.warnings.length > 0)
    log.write('configuration_warned', { problems: loaded.warnings });
}

/** The last good copy as a configuration, or why it cannot be used; neither where there is none. */
async function loadLastGood(
  lastGood: LastGood,
  options: ConfigurationsDeps['options'],
): Promise<{ readonly configuration?: Configuration; readonly damage?: CopyDamage }> {
  const { stored, damage } = await lastGood.load();
  if (stored === undefined) return damage === undefined ? {} : { damage };
  const loaded = await loadConfiguration({ ...options, files: createMemoryFiles(stored.sources) });
  return loaded.ok ? { configuration: loaded.configuration } : {};
}

interface ConfigurationsDeps {
  /** How the files are read now: path, overrides and environment. */
  readonly options: Omit<LoadOptions, 'files'>;
  readonly clock: Clock;
}

function createConfigurations(deps: ConfigurationsDeps): Pick<Configurations, 'load' | 'look' | 'watch'> {
  const { options, clock } = deps;
  let latest: LoadedConfiguration | undefined;
  return {
    async load() {
      latest = await loadConfiguration({ ...options, files: hostFiles });
      return latest;
    },
    look: createFileLook({ ...options, files: hostFiles }, clock).compare,
    async watch({ onChange, onError, onDetached }, signal) {
      const files = () => [...(latest?.sources.keys() ?? [options.path])];
      const mounts = watchMounts({ files, findMount: findFileMount, clock, signal, onDetached });
      const changes = watchConfiguration({
        targets: () => ({
          main: options.path,
          includes: latest?.includes ?? [],
          sources: latest?.sources ?? new Map(),
        }),
        debounce: () => (latest?.ok ? latest.configuration.settings.debounce : DEBOUNCE_OF_BROKEN_FILE),
        files: hostFiles,
        clock,
        signal,
        hints: chokidarHints,
        onChange: () => onChange(),
        onError,
      });
      await Promise.all([mounts, changes]);
    },
  };
}

/** A file that cannot be read says nothing about its own debounce; these are the defaults of the schema. */
const DEBOUNCE_OF_BROKEN_FILE = { quietMs: 300, maxWaitMs: 5_000 };
