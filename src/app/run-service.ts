/**
 * Wires up `callbackd run`. What belongs to the process is here; what belongs to one account is in
 * `open-daemon-account.ts`.
 */

import type { DaemonSignal } from '../daemon/ports.ts';
import { runDaemon } from '../daemon/run-daemon.ts';
import { startServers } from '../daemon/start-servers.ts';
import { createSystemdNotifier } from '../daemon/systemd-notifier.ts';
import { runCommand } from '../lib/run-command.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { logBootConfiguration, openBootConfiguration } from './boot-configuration.ts';
import { withClosers } from './closers.ts';
import type { Context, Signals } from './context.ts';
import type { CommonFlags } from './load-configuration.ts';
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
    const { clock, journal, rounds, callsToday, metrics, pages } = account;

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
