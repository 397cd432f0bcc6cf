/** The clock of decisions for one account: what its state recorded of time, on this host. */

import type { Clock } from '../lib/clock.ts';
import { createElapsedClock, type ElapsedClock } from '../lib/elapsed-clock.ts';
import { readBootId } from '../lib/process-table.ts';
import { findLatestInstant } from '../model/latest-instant.ts';
import type { State } from '../model/state.ts';
import type { StateStore } from '../record/open-state-store.ts';

/** For who only looks. */
export function readElapsedClock(state: State, system: Clock, bootId = readBootId()): ElapsedClock {
  return createElapsedClock(system, { mark: state.boot, latestAt: findLatestInstant(state) }, bootId);
}

/** For who may write: records when the host booted, once per boot. */
export async function openElapsedClock(
  store: StateStore,
  system: Clock,
  bootId = readBootId(),
): Promise<ElapsedClock> {
  const clock = readElapsedClock(store.state, system, bootId);
  const { mark } = clock;
  if (mark !== undefined && !isKnown(store.state, mark))
    await store.commit({ type: 'boot_noted', boot: mark });
  return clock;
}

/** Two looks at the clocks of one boot differ by how finely they are read, and by what time synchronisation corrects. */
const SAME_MS = 1_000;

function isKnown({ boot }: State, mark: NonNullable<ElapsedClock['mark']>): boolean {
  return boot?.bootId === mark.bootId && Math.abs(boot.bootAt - mark.bootAt) < SAME_MS;
}
