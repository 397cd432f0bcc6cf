/** The story of one entry as the daemon knows it: what the last round saw and decided. It asks the account nothing. */

import {
  type AccountLook,
  collectParts,
  type EntryStory,
  explainEntry,
  STORY_CHANGES_MAX,
} from '../documents/explain-entry.ts';
import type { HistoryEntry } from '../model/history.ts';
import { type AppKey, asAppKey } from '../model/identity.ts';
import type { OwnedApp, State } from '../model/state.ts';
import type { DaemonLook } from './daemon-parts.ts';

export interface StorySources {
  readonly look: () => DaemonLook;
  readonly state: () => State;
  /** Undefined before the first listing. */
  readonly account: () => AccountLook | undefined;
  /** The newest first. Includes every change that was told before the call. */
  readonly history: (options: {
    readonly key?: AppKey;
    readonly limit: number;
  }) => Promise<readonly HistoryEntry[]>;
}

/** Undefined when nothing is known of the key. */
export async function tellStory(text: string, sources: StorySources): Promise<EntryStory | undefined> {
  const key = asAppKey(text);
  const history = await sources.history({ key, limit: STORY_CHANGES_MAX });
  const parts = collectParts(key, sources.look().configuration.desired, { state: sources.state(), history });
  if (parts === undefined) return undefined;
  return explainEntry(key, { ...parts, planned: withTrustedEvents(sources.account(), parts.owned) });
}

/** A round lists the subscriptions of an app only now and then, and trusts in between what it saw or wrote; so does a story. */
function withTrustedEvents(
  look: AccountLook | undefined,
  owned: OwnedApp | undefined,
): AccountLook | undefined {
  if (look === undefined || owned?.applied.events === undefined) return look;
  const { apps, events } = look.observed;
  if (!apps.has(owned.id) || events.has(owned.id)) return look;
  return { ...look, observed: { apps, events: new Map([...events, [owned.id, owned.applied.events]]) } };
}
