/**
 * Wires up `callbackd run`. What belongs to the process is here; what belongs to one account is in
 * `open-daemon-account.ts`.
 */

import type { DaemonSignal } from '../daemon/ports.ts';
import { runDaemon } from '../daemon/run-daemon.ts';
import { startServers } from '../daemon/start-servers.ts';
import { createSystemdNotifier } from '../daemon/systemd-notifier.ts';
import { DiskError } from '../lib/disk.ts';
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
  // From the first moment: a SIGHUP that nobody listens to ends the process.
  const signals = streamSignals(context.signals);
  const started = await openBootConfiguration(flags, context);
  const { boot, configurations } = started;
  if (!boot.ok) return { how: 'refused', diagnostics: boot.diagnostics };
  const { settings } = boot.configuration;
  return withClosers(async (closers) => {
    const log = await openEventLog(settings, context, { stream: 'stdout', closers });
    logBootConfiguration(log, started);
    const onError = (error: unknown) => log.write('loop_failed', { err: error });

    const isFromFiles = boot.problem === undefined && boot.held === undefined;
    const account = await openDaemonAccount({ settings, isFromFiles, sourceOf: started.sourceOf }, context, {
      log,
      closers,
    });
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
        log: () => ({ linesLost: log.lostLines(), problem: describeProblem(log.problem()) }),
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
      signals,
    );
    return { how: 'ended' };
  });
}

function describeProblem(error: NodeJS.ErrnoException | undefined): string | undefined {
  return error && new DiskError('write', 'the log', error.code ?? error.message).message;
}

/**
 * `reload` for each SIGHUP, `stop` for the first SIGTERM or SIGINT; the second one ends the process at the
 * edge.
 */
function streamSignals({ interrupted, onHangup }: Signals): AsyncGenerator<DaemonSignal> {
  const waiting: DaemonSignal[] = [];
  let wake = () => {};
  const post = (signal: DaemonSignal) => {
    waiting.push(signal);
    wake();
  };
  onHangup(() => post('reload'));
  if (interrupted.aborted) post('stop');
  else interrupted.addEventListener('abort', () => post('stop'), { once: true });
  return (async function* () {
    for (;;) {
      const signal = waiting.shift();
      if (signal !== undefined) yield signal;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  })();
}
