/** The clock of decisions for one account: what its state recorded of time, on this host. */

import type { Clock } from '../lib/clock.ts';
import { createElapsedClock, type ElapsedClock } from '../lib/elapsed-clock.ts';
import { readBootId } from '../lib/process-table.ts';
import type { State } from '../model/state.ts';
import type { StateStore } from './open-state-store.ts';

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

/** In milliseconds since the epoch; undefined for a state in which nothing happened yet. */
export function findLatestInstant(state: State): number | undefined {
  let latest: number | undefined;
  const see = (...instants: readonly (number | undefined)[]) => {
    for (const at of instants) if (at !== undefined && !(latest !== undefined && latest >= at)) latest = at;
  };
  for (const app of state.apps.values()) see(app.boundAt, app.writtenAt, app.eventsSeenAt, app.condemnedAt);
  for (const intent of state.intents.values()) see(intent.openedAt, intent.endedAt);
  for (const drifts of state.drifts.values()) for (const { at } of drifts) see(at);
  for (const { at } of state.deleted.values()) see(at);
  for (const at of state.marks.firstSeen.values()) see(at);
  for (const { at } of state.grants) see(at);
  see(...state.deletions.slice(-1), state.boot?.bootAt);
  return latest;
}
