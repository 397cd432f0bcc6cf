/**
 * Reads the history backwards over all rotated files, in chunks: the last ten lines of a large history cost
 * as much as those of a small one. It takes no lock and writes nothing.
 */

import type { Disk, ReadHandle } from '../lib/disk.ts';
import type { HistoryEntry } from '../model/history.ts';
import type { AppKey } from '../model/identity.ts';
import { historyFilesIn, parseHistoryLine } from './history.ts';

export interface ReadHistoryOptions {
  readonly disk: Disk;
  /** The state directory. */
  readonly dir: string;
  /** Only changes of this entry. */
  readonly appKey?: AppKey;
  /** At most so many entries. */
  readonly limit?: number;
  /** Told of each line that is not whole: what a crash left, or a foreign hand. It is passed over. */
  readonly onUnreadable?: (file: string) => void;
}

const CHUNK_BYTES = 64 * 1024;
/** Enough to tell files apart: the first line begins with an instant and soon holds logids. */
const HEAD_BYTES = 1024;
const LINE_END = 0x0a;

/** Rejects with a DiskError; an absent history is an empty one. */
export async function* readHistory(options: ReadHistoryOptions): AsyncGenerator<HistoryEntry, void, void> {
  const { disk, dir, appKey, limit = Number.POSITIVE_INFINITY, onUnreadable } = options;
  const files = await openFiles(disk, historyFilesIn(dir));
  let count = 0;
  try {
    for (const { path, handle } of files) {
      for await (const line of readLinesBackwards(handle)) {
        if (count >= limit) return;
        const entry = parseHistoryLine(line);
        if (entry === undefined) onUnreadable?.(path);
        else if (appKey === undefined || entry.key === appKey) {
          count += 1;
          yield entry;
        }
      }
    }
  } finally {
    for (const { handle } of files) await handle.close();
  }
}

interface OpenFile {
  readonly path: string;
  readonly handle: ReadHandle;
}

/**
 * Opens all files before the first is read. A rotation meanwhile moves files to the next name, so that one
 * may be opened twice, but none is missed; the second copy is recognised by its first bytes and left out.
 */
async function openFiles(disk: Disk, paths: readonly string[]): Promise<OpenFile[]> {
  const files: OpenFile[] = [];
  const heads = new Set<string>();
  try {
    for (const path of paths) {
      const handle = await disk.openRead(path);
      if (handle === undefined) continue;
      files.push({ path, handle });
      const head = Buffer.from(await handle.read(0, HEAD_BYTES)).toString('latin1');
      if (heads.has(head)) await files.pop()?.handle.close();
      heads.add(head);
    }
    return files;
  } catch (error) {
    for (const { handle } of files) await handle.close();
    throw error;
  }
}

/** Lines without their end, the last one first. Empty lines are passed over. */
async function* readLinesBackwards(handle: ReadHandle): AsyncGenerator<string, void, void> {
  /** The pieces of the line whose beginning is not reached yet, in reverse order. */
  let pieces: Uint8Array[] = [];
  for (let position = handle.bytes; position > 0; ) {
    const length = Math.min(CHUNK_BYTES, position);
    position -= length;
    const chunk = await handle.read(position, length);
    let end = chunk.length;
    for (
      let at = chunk.lastIndexOf(LINE_END);
      at >= 0;
      at = at === 0 ? -1 : chunk.lastIndexOf(LINE_END, at - 1)
    ) {
      const line = joinPieces([...pieces, chunk.subarray(at + 1, end)]);
      if (line !== '') yield line;
      pieces = [];
      end = at;
    }
    pieces.push(chunk.subarray(0, end));
  }
  const first = joinPieces(pieces);
  if (first !== '') yield first;
}

function joinPieces(reversed: readonly Uint8Array[]): string {
  return Buffer.concat([...reversed].reverse()).toString('utf8');
}
