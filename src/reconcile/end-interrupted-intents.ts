/** Recalls what a former process left open: creates whose outcome it did not live to see. */

import type { StateJournal } from './ports.ts';

/**
 * A create whose POST was cut off by a crash left an intent without an end. No request of a former process can still be
 * on its way from here, so its settle time starts `now` (milliseconds since the epoch). Call it before planning, and never
 * while a plan is being applied.
 */
export async function endInterruptedIntents(journal: StateJournal, now: number): Promise<void> {
  const open = [...journal.state.intents.values()].filter((intent) => intent.endedAt === undefined);
  if (open.length === 0) return;
  await journal.commit(...open.map(({ key }) => ({ type: 'intent_ended' as const, key, at: now })));
}
