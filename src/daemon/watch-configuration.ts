/** Watches the files for as long as the daemon runs, and starts the watch again when it fails. */

import type { Clock } from '../lib/clock.ts';
import type { EventWriter } from '../log/event-log.ts';
import { backoffMs } from './next-round.ts';
import type { Configurations } from './ports.ts';

const AGAIN_FIRST_MS = 1_000;
/** How often files are polled when file system events are lost. */
const POLL_MS = 1_000;
/** After a watch that lasted this long, the next failure counts as the first again. */
const HELD_MS = 60_000;

/** Runs until the signal aborts. Calls back after a failure too, because changes may have been missed. */
export async function keepWatching(
  deps: { readonly configurations: Configurations; readonly events: EventWriter; readonly clock: Clock },
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { configurations, events, clock } = deps;
  const listener = {
    onChange,
    onError: (error: Error) => events.write('watch_failed', { err: error, againInMs: POLL_MS }),
  };
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    let error: unknown = new Error('watching ended without a reason');
    try {
      await configurations.watch(listener, signal);
    } catch (thrown) {
      error = thrown;
    }
    if (signal.aborted) return;
    failures = clock.monotonic() - startedAt >= HELD_MS ? 1 : failures + 1;
    const againInMs = backoffMs(failures, AGAIN_FIRST_MS);
    events.write('watch_failed', { err: error, againInMs });
    await clock.sleep(againInMs, signal).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
    if (!signal.aborted) onChange();
  }
}
