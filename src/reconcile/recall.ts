/** Updates the state before a round: interrupted creates, tokens missing from the sink. */

import type { AppKey } from '../model/identity.ts';
import type { State, StateChange } from '../model/state.ts';
import type { DeliveredTokens, StateJournal } from './ports.ts';

/**
 * Call it before planning, and never while a plan is being applied. `now` in milliseconds since the epoch.
 */
export async function recall(
  journal: StateJournal,
  { sink, now }: { readonly sink: DeliveredTokens | undefined; readonly now: number },
): Promise<void> {
  const changes = [
    ...endInterruptedIntents(journal.state, now),
    ...(await takeBackLost(journal.state, sink)),
  ];
  if (changes.length > 0) await journal.commit(changes);
}

/**
 * A create whose POST was cut off by a crash left an intent without an end. No request of a former process
 * can still be on its way from here, so its settle time starts now.
 */
function endInterruptedIntents(state: State, now: number): StateChange[] {
  const open = [...state.intents.values()].filter((intent) => intent.endedAt === undefined);
  return open.map(({ key }) => ({ type: 'intent_ended', key, at: now }));
}

/**
 * State changes that make the plan deliver missing tokens again: a reboot may have emptied
 * the sink.
 */
export async function takeBackLost(
  state: State,
  sink: DeliveredTokens | undefined,
): Promise<readonly StateChange[]> {
  if (sink === undefined) return [];
  const delivered = new Map<AppKey, string>();
  const asNext = new Set<AppKey>();
  for (const { key, tokenFingerprint, rotation, replaces } of state.apps.values()) {
    if (tokenFingerprint !== undefined) delivered.set(key, tokenFingerprint);
    const isNext = rotation !== undefined && replaces !== undefined && rotation.switchedAt === undefined;
    if (isNext) asNext.add(key);
  }
  const lost = await sink.findLost(delivered, asNext);
  return lost.map((key) => ({ type: 'app_changed', key, patch: { tokenFingerprint: null } }));
}
