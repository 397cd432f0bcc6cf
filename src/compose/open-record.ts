/** What callbackd wrote down, for commands that only look: the state and the history, without the lock. */

import type { RecordReader } from '../cli/ports.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import type { HistoryEntry } from '../model/history.ts';
import type { AppKey } from '../model/identity.ts';
import type { Settings } from '../model/settings.ts';
import { readState } from '../record/load-state.ts';
import { readHistory } from '../record/read-history.ts';

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
