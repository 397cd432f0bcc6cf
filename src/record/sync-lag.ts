/** Which entries are out of sync, and since when. */

import type { AppKey } from '../model/identity.ts';
import type { Plan } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';

interface OutOfSync {
  readonly key: AppKey;
  /** When the round began that first found it so, in milliseconds since the epoch. */
  readonly since: number;
}

export interface SyncLag {
  /** A round without a plan says nothing about any entry. */
  observe(report: RoundReport): void;
  /** The oldest first. */
  list(): readonly OutOfSync[];
}

export function createSyncLag(): SyncLag {
  const since = new Map<AppKey, number>();
  return {
    observe({ plan, outcomes, startedAt }) {
      if (plan === undefined) return;
      const untrue = findUntrue(plan, outcomes);
      for (const key of since.keys()) if (!untrue.has(key)) since.delete(key);
      for (const key of untrue) if (!since.has(key)) since.set(key, startedAt);
    },
    list: () =>
      [...since].map(([key, at]) => ({ key, since: at })).sort((left, right) => left.since - right.since),
  };
}

/**
 * Entries that still differ after the round. Orphans are no entries, and a paused entry is meant to differ.
 */
function findUntrue({ withheld }: Plan, outcomes: RoundReport['outcomes']): ReadonlySet<AppKey> {
  const held = withheld.filter(({ reason }) => reason !== 'paused' && reason !== 'paused_all');
  const undone = outcomes.filter(({ result }) => result !== 'applied').map(({ change }) => change);
  const keys = [...held, ...undone]
    .filter(({ action }) => action !== 'delete' && action !== 'forget')
    .flatMap(({ key }) => (key === null ? [] : [key]));
  return new Set(keys);
}
