/** What the daemon knows of one entry: what the last round saw and decided. Does not call the platform. */

import {
  type AccountSnapshot,
  collectParts,
  type EntryExplanation,
  EXPLAINED_CHANGES_MAX,
  explainEntry,
} from '../documents/explain-entry.ts';
import type { HistoryEntry } from '../model/history.ts';
import { type AppKey, asAppKey } from '../model/identity.ts';
import type { OwnedApp, State } from '../model/state.ts';
import type { DaemonSnapshot } from './daemon-parts.ts';

export interface ExplanationSources {
  readonly snapshot: () => DaemonSnapshot;
  readonly state: () => State;
  /** Undefined before the first listing. */
  readonly account: () => AccountSnapshot | undefined;
  /** The newest first, including every change that was reported before the call. */
  readonly history: (options: {
    readonly key?: AppKey;
    readonly limit: number;
  }) => Promise<readonly HistoryEntry[]>;
}

/** Undefined for an unknown key. */
export async function explainFromRound(
  text: string,
  sources: ExplanationSources,
): Promise<EntryExplanation | undefined> {
  const key = asAppKey(text);
  const history = await sources.history({ key, limit: EXPLAINED_CHANGES_MAX });
  const parts = collectParts(key, sources.snapshot().configuration.desired, {
    state: sources.state(),
    history,
  });
  if (parts === undefined) return undefined;
  return explainEntry(key, { ...parts, planned: withTrustedEvents(sources.account(), parts.owned) });
}

/**
 * Rounds list an app's subscriptions only at intervals; in between, the last applied ones count as observed.
 */
function withTrustedEvents(
  snapshot: AccountSnapshot | undefined,
  owned: OwnedApp | undefined,
): AccountSnapshot | undefined {
  if (snapshot === undefined || owned?.applied.events === undefined) return snapshot;
  const { apps, events } = snapshot.observed;
  if (!apps.has(owned.id) || events.has(owned.id)) return snapshot;
  return { ...snapshot, observed: { apps, events: new Map([...events, [owned.id, owned.applied.events]]) } };
}
