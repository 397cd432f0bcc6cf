/**
 * Tracks for each listed app how long its condition has lasted, and its last change. Apps that are no longer
 * listed are forgotten.
 */

import type { HistoryEntry } from '../model/history.ts';
import type { Action } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { AppRow } from './app-rows.ts';

interface LastChange {
  readonly at: number;
  readonly action: Action;
  readonly result: 'applied' | 'failed';
  readonly logid: string | null;
}

export interface TrackedApp extends AppRow {
  /** When this process first saw the present condition, in milliseconds since the epoch. */
  readonly since: number;
  /** Null when none is on record. */
  readonly lastChange: LastChange | null;
}

export interface AppTracker {
  observeOutcome(outcome: Outcome): void;
  /** Changes from before this process started, the newest first. */
  restore(entries: readonly HistoryEntry[]): void;
  track(rows: readonly AppRow[], now: number): readonly TrackedApp[];
}

export function createAppTracker(): AppTracker {
  const changes = new Map<string, LastChange>();
  let standing = new Map<string, { readonly how: string; readonly since: number }>();
  return {
    observeOutcome({ change, result, calls, failure, endedAt }) {
      if (result === 'skipped' || change.key === null) return;
      const logid = failure !== undefined && 'logid' in failure ? failure.logid : undefined;
      const last = logid ?? calls.findLast((call) => call.logid !== undefined)?.logid ?? null;
      changes.set(change.key, { at: endedAt, action: change.action, result, logid: last });
    },
    restore(entries) {
      for (const { key, time, action, result, failure, requests } of entries) {
        if (key === null || changes.has(key)) continue;
        const last = requests.findLast((request) => request.logid !== null)?.logid ?? null;
        changes.set(key, { at: Date.parse(time), action, result, logid: failure?.logid ?? last });
      }
    },
    track(rows, now) {
      const next = new Map<string, { readonly how: string; readonly since: number }>();
      const tracked = rows.map((row): TrackedApp => {
        const name = row.key ?? `id ${row.id}`;
        const how = `${row.condition} ${row.reason ?? ''}`;
        const known = standing.get(name);
        const since = known?.how === how ? known.since : now;
        next.set(name, { how, since });
        return { ...row, since, lastChange: changes.get(name) ?? null };
      });
      standing = next;
      for (const key of changes.keys()) if (!next.has(key)) changes.delete(key);
      return tracked;
    },
  };
}
