/** Changes as the JSON document of schema/history.schema.json. Holds no secret. Pure. */

import type { HistoryEntry } from '../model/history.ts';

export interface HistoryDocument {
  readonly format_version: 1;
  /** The newest first. */
  readonly changes: readonly HistoryEntry[];
}

export function toHistoryJson(changes: readonly HistoryEntry[]): HistoryDocument {
  return { format_version: 1, changes };
}
