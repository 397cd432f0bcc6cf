/**
 * Writes `history.ndjson`, one line per change, rotated by size. Nothing is built on it: lines are not synced
 * one by one, and a history that cannot be written is reported and never stops a round.
 */

import { join } from 'node:path';
import type { AppendHandle, Disk } from '../lib/disk.ts';
import { say } from '../messages/say.ts';
import type { CallReport, FailureDetails } from '../model/calls.ts';
import type { HistoryEntry, HistoryFailure, HistoryRequest } from '../model/history.ts';
import type { Outcome } from '../model/round.ts';

export interface HistoryOptions {
  readonly disk: Disk;
  /** The state directory; it exists. */
  readonly dir: string;
  /** Called when lines could not be written; they are lost. Never called twice for one line. */
  readonly onProblem: (problem: HistoryProblem) => void;
  /** A file of this size is rotated. */
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
  /** Writes what is pending, makes it durable and closes the file. Never rejects. */
  close(): Promise<void>;
}

/** Some 15,000 changes a file: a line with its requests takes 600 to 700 bytes. */
const BYTES_MAX = 10 * 1024 * 1024;
const FILES_MAX = 5;
const FILE_MODE = 0o600;

/** The files of the history, newest first. */
export function historyFilesIn(dir: string, filesMax = FILES_MAX): readonly [string, ...string[]] {
  const current = join(dir, 'history.ndjson');
  const older = Array.from({ length: filesMax - 1 }, (_, index) => `${current}.${index + 1}`);
  return [current, ...older];
}

export function createHistory(options: HistoryOptions): History {
  const { disk, dir, onProblem, bytesMax = BYTES_MAX, filesMax } = options;
  const paths = historyFilesIn(dir, filesMax);
  const file = createRotatingFile({ disk, paths, bytesMax, mode: FILE_MODE });
  let pending: string[] = [];
  let writing: Promise<void> | undefined;

  /** One write for all lines that came while the write before was under way. */
  async function writePending(): Promise<void> {
    try {
      while (pending.length > 0) {
        const lines = pending;
        pending = [];
        await writeLines(lines);
      }
    } finally {
      // In the same step as the last look at `pending`, so that no line comes between the two and is left
      // lying.
      writing = undefined;
    }
  }

  async function writeLines(lines: readonly string[]): Promise<void> {
    try {
      await file.append(Buffer.from(lines.join('')));
    } catch (error) {
      onProblem({ error, lostLines: lines.length });
    }
  }

  /** Begins a turn later, so that lines of the same turn are written together. */
  function startWriting(): Promise<void> {
    writing ??= Promise.resolve().then(writePending);
    return writing;
  }

  return {
    async append(round, outcome) {
      const entry = describeOutcome(round, outcome);
      if (entry === undefined) return;
      pending.push(formatHistoryLine(entry));
      await startWriting();
    },
    async close() {
      await startWriting();
      try {
        await file.close();
      } catch (error) {
        onProblem({ error, lostLines: 0 });
      }
    },
  };
}

/** The entry of an outcome; undefined for a skipped one, for which nothing happened. */
export function describeOutcome(round: number, outcome: Outcome): HistoryEntry | undefined {
  const { change, result } = outcome;
  if (result === 'skipped') return undefined;
  return {
    time: new Date(outcome.endedAt).toISOString(),
    round,
    action: change.action,
    key: change.key,
    id: outcome.id ?? change.id,
    app_type: change.appType,
    name: change.name,
    reason: change.reason,
    fields: change.fields.map(({ path, before, after, changedBy }) => ({
      path,
      before,
      after,
      changed_by: changedBy,
    })),
    result,
    failure: outcome.failure === undefined ? null : describeFailure(outcome.failure),
    warnings: outcome.warnings.map((warning) => say(warning)),
    requests: outcome.calls.map(describeRequest),
  };
}

function formatHistoryLine(entry: HistoryEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Undefined for a line that a crash truncated, or that is not of this format. */
export function parseHistoryLine(line: string): HistoryEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEntry = typeof value === 'object' && value !== null && 'time' in value && 'action' in value;
    return isEntry ? (value as HistoryEntry) : undefined;
  } catch {
    return undefined;
  }
}

function describeFailure(failure: NonNullable<Outcome['failure']>): HistoryFailure {
  const { status, code, logid }: Partial<FailureDetails> = 'operation' in failure ? failure : {};
  return {
    kind: failure.kind,
    message: say(failure.message),
    status: status ?? null,
    code: code ?? null,
    logid: logid ?? null,
  };
}

function describeRequest(call: CallReport): HistoryRequest {
  return {
    operation: call.operation,
    status: call.status ?? null,
    code: call.code ?? null,
    logid: call.logid ?? null,
    attempt: call.attempt,
    duration_ms: Math.round(call.durationMs),
    failure: call.failure ?? null,
  };
}

interface RotatingFileOptions {
  readonly disk: Disk;
  /** From the current file to the oldest; the last one is dropped when all are there. */
  readonly paths: readonly [string, ...string[]];
  /** A file that is as large as this is put aside before the next write. */
  readonly bytesMax: number;
  readonly mode: number;
}

/** One call at a time. */
interface RotatingFile {
  /**
   * Rejects with a DiskError; then part of `lines` may be written, and the next call examines the file again.
   */
  append(lines: Uint8Array): Promise<void>;
  /** Makes everything durable. A later `append` opens the file again. */
  close(): Promise<void>;
}

const LINE_END = 0x0a;

/**
 * A file of lines, rotated by size, with a limited number of old files. Nothing is buffered, and a line
 * truncated by a crash never corrupts the next one. Data is made durable only on close.
 */
function createRotatingFile(options: RotatingFileOptions): RotatingFile {
  let open: OpenFile | undefined;

  async function write(lines: Uint8Array): Promise<void> {
    open ??= await openForLines(options);
    if (open.bytes >= options.bytesMax) {
      await open.handle.close();
      open = undefined;
      await putAside(options);
      open = await openForLines(options);
    }
    await open.handle.append(lines);
    open.bytes += lines.length;
  }

  return {
    async append(lines) {
      try {
        await write(lines);
      } catch (error) {
        const failed = open;
        open = undefined;
        // The failed write is reported; a failure to close adds nothing.
        await failed?.handle.close().catch(() => undefined);
        throw error;
      }
    },
    async close() {
      const closing = open;
      open = undefined;
      if (closing === undefined) return;
      try {
        await closing.handle.sync();
      } finally {
        await closing.handle.close();
      }
    },
  };
}

interface OpenFile {
  readonly handle: AppendHandle;
  bytes: number;
}

/** Opens the current file. A line truncated by a crash gets its line end. */
async function openForLines({ disk, paths: [current], mode }: RotatingFileOptions): Promise<OpenFile> {
  const end = await readEnd(disk, current);
  const handle = await disk.openAppend(current, { mode });
  try {
    if (end.isTorn) await handle.append(Uint8Array.of(LINE_END));
  } catch (error) {
    await handle.close();
    throw error;
  }
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

/** Moves every file one step back, the oldest first. */
async function putAside({ disk, paths }: RotatingFileOptions): Promise<void> {
  for (let age = paths.length - 1; age > 0; age -= 1) {
    const [to, from] = [paths[age] ?? '', paths[age - 1] ?? ''];
    if ((await disk.stat(from)) !== undefined) await disk.rename(from, to);
  }
}
