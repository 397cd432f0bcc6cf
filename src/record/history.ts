/**
 * Writes `history.ndjson`, one line per change, rotated by size. Nothing is built on it: lines are not synced
 * one by one, and a history that cannot be written is reported and never stops a round.
 */

import { join } from 'node:path';
import type { Disk } from '../lib/disk.ts';
import { createRotatingFile } from '../lib/rotating-file.ts';
import type { Outcome } from '../model/round.ts';
import { describeOutcome, formatHistoryLine } from './format-history.ts';

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
