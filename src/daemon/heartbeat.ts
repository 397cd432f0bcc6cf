/** Tells the service manager that the loop moves on, as often as it wants to hear, and only while it is true. */

import type { Clock } from '../lib/clock.ts';
import type { Notifier } from './ports.ts';
import type { Pulse } from './pulse.ts';

/** sd_watchdog_enabled(3) recommends half the time; a third leaves room for one that is late. */
const SHARE_OF_WATCHDOG = 1 / 3;

/** Runs until the signal aborts. */
export async function keepHeartbeat(
  deps: { readonly notifier: Notifier; readonly pulse: Pulse; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const { notifier, pulse, clock } = deps;
  if (notifier.watchdogMs === undefined) return;
  while (!signal.aborted) {
    if (!pulse.isStalled) await notifier.alive();
    await clock.sleep(notifier.watchdogMs * SHARE_OF_WATCHDOG, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
