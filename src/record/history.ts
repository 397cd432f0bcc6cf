/**
 * The history: outcomes go in, lines of `history.ndjson` come out, rotated by size. It is told as such and nothing is built on
 * it: lines are not synced one by one, and a history that cannot be written is reported and never stops a round.
 */

import { join } from 'node:path';
import type { AppendHandle, Disk } from '../lib/disk.ts';
import type { Outcome } from '../model/round.ts';
import { describeOutcome, formatHistoryLine } from './format-history.ts';

export interface HistoryOptions {
  readonly disk: Disk;
  /** The state directory; it exists. */
  readonly dir: string;
  /** Told when lines could not be written; they are lost. Never called twice for one line. */
  readonly onProblem: (problem: HistoryProblem) => void;
  /** A file that is as large as this is put aside. */
  readonly bytesMax?: number;
  /** How many files there are at most, the current one included. */
  readonly filesMax?: number;
}

export interface HistoryProblem {
  readonly error: unknown;
  readonly lostLines: number;
}

export interface History {
  /** Resolves when the line is written or given up. Never rejects. Skipped outcomes leave no line. */
  append(round: number, outcome: Outcome): Promise<void>;
  /** Writes what is pending, makes it durable and closes the file. */
  close(): Promise<void>;
}

/** Some 15,000 changes a file; five of them tell a year of a busy account. */
const BYTES_MAX = 10 * 1024 * 1024;
export const HISTORY_FILES_MAX = 5;
const FILE_MODE = 0o600;
const LINE_END = 0x0a;

/** The files of the history, newest first. */
export function historyFilesIn(dir: string, filesMax = HISTORY_FILES_MAX): readonly string[] {
  const current = join(dir, 'history.ndjson');
  return Array.from({ length: filesMax }, (_, age) => (age === 0 ? current : `${current}.${age}`));
}

interface OpenFile {
  readonly handle: AppendHandle;
  bytes: number;
}

export function createHistory(options: HistoryOptions): History {
  const { disk, dir, onProblem, bytesMax = BYTES_MAX, filesMax = HISTORY_FILES_MAX } = options;
  const files = historyFilesIn(dir, filesMax);
  const held: { pending: string[]; open: OpenFile | undefined; writing: Promise<void> | undefined } = {
    pending: [],
    open: undefined,
    writing: undefined,
  };

  /** One write for all lines that came while the write before was under way. */
  async function writePending(): Promise<void> {
    while (held.pending.length > 0) {
      const lines = held.pending;
      held.pending = [];
      try {
        await writeLines(lines);
      } catch (error) {
        await forgetFile();
        onProblem({ error, lostLines: lines.length });
      }
    }
  }

  async function writeLines(lines: readonly string[]): Promise<void> {
    held.open ??= await openFile(disk, files);
    if (held.open.bytes >= bytesMax) {
      await held.open.handle.close();
      held.open = undefined;
      await rotate(disk, files);
      held.open = await openFile(disk, files);
    }
    const data = Buffer.from(lines.join(''));
    await held.open.handle.append(data);
    held.open.bytes += data.length;
  }

  /** After a failed write nothing is known about the file's end, so it is opened and looked at again. */
  async function forgetFile(): Promise<void> {
    const { open } = held;
    held.open = undefined;
    // The failed write is the news; a file that does not close either adds nothing to it.
    await open?.handle.close().catch(() => undefined);
  }

  function startWriting(): Promise<void> {
    held.writing ??= Promise.resolve()
      .then(writePending)
      .finally(() => {
        held.writing = undefined;
      });
    return held.writing;
  }

  return {
    async append(round, outcome) {
      const entry = describeOutcome(round, outcome);
      if (entry === undefined) return;
      held.pending.push(formatHistoryLine(entry));
      await startWriting();
    },
    async close() {
      await startWriting();
      try {
        await held.open?.handle.sync();
      } catch (error) {
        onProblem({ error, lostLines: 0 });
      }
      await forgetFile();
    },
  };
}

/** Opens the current file. What a crash cut short at its end is closed with a line end, so that it spoils no other line. */
async function openFile(disk: Disk, [current = '']: readonly string[]): Promise<OpenFile> {
  const end = await readEnd(disk, current);
  const handle = await disk.openAppend(current, { mode: FILE_MODE });
  if (end.isTorn) await handle.append(Uint8Array.of(LINE_END));
  return { handle, bytes: end.bytes };
}

async function readEnd(disk: Disk, path: string): Promise<{ bytes: number; isTorn: boolean }> {
  const found = await disk.openRead(path);
  if (found === undefined) return { bytes: 0, isTorn: false };
  try {
    if (found.bytes === 0) return { bytes: 0, isTorn: false };
    const [last] = await found.read(found.bytes - 1, 1);
    return { bytes: found.bytes, isTorn: last !== LINE_END };
  } finally {
    await found.close();
  }
}

/** Moves every file one step back, the oldest first; the last one is dropped by being replaced. */
async function rotate(disk: Disk, files: readonly string[]): Promise<void> {
  for (let age = files.length - 1; age > 0; age -= 1) {
    const [to, from] = [files[age] ?? '', files[age - 1] ?? ''];
    if ((await disk.stat(from)) !== undefined) await disk.rename(from, to);
  }
}
