/** Renames that nobody declared: an orphan and a new entry with a receiver that no other entry shares. */

import type { DesiredApp } from '../model/desired.ts';
import type { AppKey } from '../model/identity.ts';
import type { OwnedApp } from '../model/state.ts';
import { normaliseUrl } from './compare-url.ts';
import { groupBy } from './group-by.ts';
import type { MatchContext } from './plan-context.ts';

export interface Renames {
  /** By the key of the new entry: the orphans it may be. */
  readonly byEntry: ReadonlyMap<AppKey, readonly OwnedApp[]>;
  /** By the key of the orphan: the entry it may have become. */
  readonly byOrphan: ReadonlyMap<AppKey, AppKey>;
}

type Receiver = string | null | undefined;

export function findRenames(context: MatchContext, orphans: readonly OwnedApp[]): Renames {
  const byEntry = new Map<AppKey, OwnedApp[]>();
  const byOrphan = new Map<AppKey, AppKey>();
  const receivers = groupBy(orphans, (orphan) => readReceiver(context.apps.get(orphan.id)?.callbackUrl));
  const entries = groupEntries(context, receivers);
  for (const [receiver, alike] of receivers) {
    const [entry, another] = entries.get(receiver) ?? [];
    if (entry === undefined || another !== undefined || context.input.state.apps.has(entry.key)) continue;
    byEntry.set(entry.key, alike);
    for (const orphan of alike) byOrphan.set(orphan.key, entry.key);
  }
  return { byEntry, byOrphan };
}

function groupEntries(
  context: MatchContext,
  receivers: ReadonlyMap<Receiver, readonly OwnedApp[]>,
): ReadonlyMap<Receiver, readonly DesiredApp[]> {
  if (receivers.size === 0) return new Map();
  return groupBy(context.input.desired.apps.values(), (entry) => {
    const receiver = readReceiver(entry.callbackUrl);
    return receivers.has(receiver) ? receiver : undefined;
  });
}

function readReceiver(url: string | undefined): string | undefined {
  return url === undefined ? undefined : normaliseUrl(url);
}
