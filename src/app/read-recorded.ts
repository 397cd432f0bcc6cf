/** The state and the history for read-only commands, without the lock. */

import { nodeDisk } from '../lib/disk-node.ts';
import { createProcessTable } from '../lib/process-table.ts';
import type { HistoryEntry } from '../model/history.ts';
import type { AppKey } from '../model/identity.ts';
import type { Settings } from '../model/settings.ts';
import type { State } from '../model/state.ts';
import { historyFilesIn } from '../record/history.ts';
import { createLastGood } from '../record/last-good.ts';
import { readState, stateFilesIn } from '../record/load-state.ts';
import { readHistory } from '../record/read-history.ts';
import { inspectStateLock } from '../record/state-lock.ts';
import type { Context } from './context.ts';

export { StateRefusedError } from '../record/state-errors.ts';

export interface RecordReader {
  readonly state: State;
  /** The newest first. */
  history(options: { readonly key?: AppKey; readonly limit: number }): Promise<readonly HistoryEntry[]>;
}

export async function openRecord({ stateDir, platform }: Settings): Promise<RecordReader> {
  const state = await readState({ disk: nodeDisk, dir: stateDir, endpoint: platform.baseUrl });
  return { state, history: (options) => listHistory(stateDir, options) };
}

/** The newest first. */
export async function listHistory(
  dir: string,
  { key, limit }: { readonly key?: AppKey; readonly limit: number },
): Promise<readonly HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  const options = { disk: nodeDisk, dir, limit, ...(key === undefined ? {} : { appKey: key }) };
  for await (const entry of readHistory(options)) entries.push(entry);
  return entries;
}

/** Who holds a state directory at this moment. */
export function inspectLock(dir: string, { pid }: Context): ReturnType<typeof inspectStateLock> {
  return inspectStateLock({ disk: nodeDisk, dir, process: createProcessTable(pid) });
}

/** The files of a state directory, as far as they hold the state or the history; the newest history first. */
export function listRecordedFiles(dir: string): {
  readonly state: readonly string[];
  readonly history: readonly string[];
} {
  return { state: Object.values(stateFilesIn(dir)), history: historyFilesIn(dir) };
}

/** The texts of the last good configuration by file; none where there is no copy, or a damaged one. */
export async function readLastGoodSources(
  dir: string,
  onDamaged: (problem: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const { stored, damage } = await createLastGood({ disk: nodeDisk, dir }).load();
  if (damage !== undefined) onDamaged(damage.problem);
  return stored?.sources ?? new Map();
}
