/** The latest instant that the state tells of anything that happened; what is yet to come, such as the end of a backoff, does not count. */

import type { State } from './state.ts';

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
