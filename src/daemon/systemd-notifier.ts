/**
 * Talks to systemd through `systemd-notify`, because Node has no Unix datagram sockets
 * (docs/decisions/0004-sd-notify.md). Notifications are sent one after another, superseded status lines are
 * skipped, and none rejects.
 */

import type { Clock } from '../lib/clock.ts';
import { onOneLine } from '../lib/printable.ts';
import type { Notifier } from './ports.ts';

/** Variables that systemd sets. */
export interface SystemdEnvironment {
  /** `NOTIFY_SOCKET`; absent outside systemd. */
  readonly notifySocket: string | undefined;
  /** `WATCHDOG_USEC`, in microseconds; absent without a watchdog. */
  readonly watchdogUsec: string | undefined;
}

export interface SystemdNotifierDeps {
  /** Runs a command to its end with `environment` alone; rejects when it cannot be run or fails. */
  readonly run: (
    command: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) => Promise<void>;
  /** Called for the first of consecutive failures, so that a missing systemd-notify does not fill the log. */
  readonly onFailure: (error: unknown) => void;
}

/** Longer lines are cut by `systemctl status` anyway. */
const STATUS_CHARS_MAX = 300;

/** Does nothing without a socket. */
export function createSystemdNotifier(environment: SystemdEnvironment, deps: SystemdNotifierDeps): Notifier {
  const { notifySocket, watchdogUsec } = environment;
  if (notifySocket === undefined || notifySocket === '') return silentNotifier;
  let line: Promise<void> = Promise.resolve();
  let latestStatus = '';
  let toldStatus = '';
  let hasFailed = false;

  const send = (assignments: () => readonly string[]): Promise<void> => {
    line = line.then(async () => {
      const args = assignments();
      if (args.length === 0) return;
      try {
        await deps.run('systemd-notify', args, { NOTIFY_SOCKET: notifySocket });
        hasFailed = false;
      } catch (error) {
        if (!hasFailed) deps.onFailure(error);
        hasFailed = true;
      }
    });
    return line;
  };
  const statusOf = (text: string): string => {
    toldStatus = text;
    return `STATUS=${text}`;
  };
  const withStatus = (assignment: string, status: string): Promise<void> => {
    latestStatus = cleanStatus(status);
    return send(() => [assignment, statusOf(latestStatus)]);
  };
  return {
    watchdogMs: parseWatchdog(watchdogUsec),
    ready: (status) => withStatus('READY=1', status),
    stopping: (status) => withStatus('STOPPING=1', status),
    status(status) {
      latestStatus = cleanStatus(status);
      return send(() => (latestStatus === toldStatus ? [] : [statusOf(latestStatus)]));
    },
    reloading: () => send(() => ['RELOADING=1']),
    alive: () => send(() => ['WATCHDOG=1']),
  };
}

const silentNotifier: Notifier = {
  watchdogMs: undefined,
  ready: async () => {},
  status: async () => {},
  reloading: async () => {},
  alive: async () => {},
  stopping: async () => {},
};

/** A line end would start another assignment of the protocol. */
function cleanStatus(text: string): string {
  return onOneLine(text).slice(0, STATUS_CHARS_MAX);
}

/** Milliseconds; undefined for anything but a positive number of microseconds. */
function parseWatchdog(usec: string | undefined): number | undefined {
  const value = Number(usec ?? '');
  return Number.isFinite(value) && value > 0 ? value / 1000 : undefined;
}

/**
 * Longer than a silent round is tolerated before it is abandoned (`supervise-round.ts`): a restart is the
 * last resort.
 */
const STALLED_AFTER_MS = 330_000;
/** sd_watchdog_enabled(3) recommends half of the interval; a third tolerates one late notification. */
const SHARE_OF_WATCHDOG = 1 / 3;

/** Measured on the monotonic clock. */
export interface ProgressMonitor {
  /** Called whenever the loop or a round makes progress. */
  noteProgress(): void;
  readonly silentMs: number;
  readonly isStalled: boolean;
}

/** Watches whether the loop makes progress, and feeds the watchdog of the service manager while it does. */
export function createProgressMonitor(clock: Clock): ProgressMonitor {
  let last = clock.monotonic();
  const silentMs = () => clock.monotonic() - last;
  return {
    noteProgress() {
      last = clock.monotonic();
    },
    get silentMs() {
      return silentMs();
    },
    get isStalled() {
      return silentMs() >= STALLED_AFTER_MS;
    },
  };
}

/** Runs until the signal aborts; returns at once when no watchdog is configured. */
export async function feedWatchdog(
  deps: { readonly notifier: Notifier; readonly progress: ProgressMonitor; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const { notifier, progress, clock } = deps;
  if (notifier.watchdogMs === undefined) return;
  while (!signal.aborted) {
    if (!progress.isStalled) await notifier.alive();
    await clock.sleep(notifier.watchdogMs * SHARE_OF_WATCHDOG, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
