/**
 * Talks to systemd through `systemd-notify`, because Node has no Unix datagram sockets
 * (docs/decisions/0004-sd-notify.md). Notifications are sent one after another, superseded status lines are
 * skipped, and none rejects.
 */

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
