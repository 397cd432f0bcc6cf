/** Watches whether the loop makes progress, and feeds the watchdog of the service manager while it does. */

import type { Clock } from '../lib/clock.ts';
import type { Notifier } from './ports.ts';

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
