/**
 * Since when each app has been as it is, and what was last done to it: rows and outcomes go in as they come. It remembers
 * apps that are listed, and forgets the others.
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

export interface BookedApp extends AppRow {
  /** When it was first seen so by this process, in milliseconds since the epoch. */
  readonly since: number;
  /** Null when none is on record. */
  readonly lastChange: LastChange | null;
}

export interface AppBook {
  note(outcome: Outcome): void;
  /** What was changed before this process, the newest first. */
  recall(entries: readonly HistoryEntry[]): void;
  enter(rows: readonly AppRow[], now: number): readonly BookedApp[];
}

export function createAppBook(): AppBook {
  const changes = new Map<string, LastChange>();
  let standing = new Map<string, { readonly how: string; readonly since: number }>();
  return {
    note({ change, result, calls, failure, endedAt }) {
      if (result === 'skipped' || change.key === null) return;
      const logid = failure !== undefined && 'logid' in failure ? failure.logid : undefined;
      const last = logid ?? calls.findLast((call) => call.logid !== undefined)?.logid ?? null;
      changes.set(change.key, { at: endedAt, action: change.action, result, logid: last });
    },
    recall(entries) {
      for (const { key, time, action, result, failure, requests } of entries) {
        if (key === null || changes.has(key)) continue;
        const last = requests.findLast((request) => request.logid !== null)?.logid ?? null;
        changes.set(key, { at: Date.parse(time), action, result, logid: failure?.logid ?? last });
      }
    },
    enter(rows, now) {
      const next = new Map<string, { readonly how: string; readonly since: number }>();
      const booked = rows.map((row): BookedApp => {
        const name = row.key ?? `id ${row.id}`;
        const how = `${row.condition} ${row.reason ?? ''}`;
        const known = standing.get(name);
        const since = known?.how === how ? known.since : now;
        next.set(name, { how, since });
        return { ...row, since, lastChange: changes.get(name) ?? null };
      });
      standing = next;
      for (const key of changes.keys()) if (!next.has(key)) changes.delete(key);
      return booked;
    },
  };
}
