/**
 * Reads and verifies the recorded state: the snapshot, then the logs that continue it. Returns the state, or
 * that there is none; damaged files are refused with the file name and the remedy. Never writes, never takes
 * the lock.
 */

import { join } from 'node:path';
import type { Disk } from '../lib/disk.ts';
import { type Message, message } from '../messages/message.ts';
import type { MutableState, State } from '../model/state.ts';
import { emptyState } from '../model/state.ts';
import { StateRefusedError } from './state-errors.ts';
import { foldRecords, type Migrations, type ParsedLog, parseLog, parseSnapshot } from './state-format.ts';

export interface StateFiles {
  readonly snapshot: string;
  readonly log: string;
  /** The snapshot before the current one, and the log that leads from it to the current one. */
  readonly snapshotBackup: string;
  readonly logBackup: string;
}

export function stateFilesIn(dir: string): StateFiles {
  return {
    snapshot: join(dir, 'state.json'),
    log: join(dir, 'state.log'),
    snapshotBackup: join(dir, 'state.json.bak'),
    logBackup: join(dir, 'state.log.bak'),
  };
}

export interface LoadOptions {
  readonly disk: Disk;
  readonly dir: string;
  /** The base URL that the state must belong to. */
  readonly endpoint: string;
  /** Only tests have reason to pass them. */
  readonly migrations?: Migrations;
}

export interface LoadedState {
  readonly state: MutableState;
  /** Bytes of an unfinished record at the end of the log; that record was never acknowledged. */
  readonly droppedBytes: number;
  readonly log: {
    /** Whether it holds anything beyond its header. */
    readonly isUsed: boolean;
    /** Its valid part, if it continues exactly this snapshot in the current format; otherwise absent. */
    readonly goodBytes: Uint8Array | undefined;
  };
  readonly snapshotBytes: number;
}

/**
 * A compaction by the running daemon between two reads looks like a gap; the next look sees the new files.
 */
const LOOKS_MAX = 5;

/**
 * The state as it stands, for commands that only look: no lock, no file made or changed, good beside a
 * running daemon. Where nothing was recorded yet it is empty, with `lineage: ""`. Rejects with
 * `StateRefusedError` or `DiskError`.
 */
export async function readState(options: LoadOptions): Promise<MutableState> {
  const loaded = await loadState(options);
  return loaded?.state ?? emptyState('', options.endpoint);
}

/** As `readState`, with what the store needs to know; `undefined` where nothing was recorded yet. */
export async function loadState(options: LoadOptions): Promise<LoadedState | undefined> {
  for (let look = 1; ; look += 1) {
    try {
      return await loadOnce(options);
    } catch (error) {
      const mayBeCompaction = error instanceof StateRefusedError && error.reason === 'damaged';
      if (!mayBeCompaction || look === LOOKS_MAX) throw error;
    }
  }
}

async function loadOnce({ disk, dir, endpoint, migrations }: LoadOptions): Promise<LoadedState | undefined> {
  const files = stateFilesIn(dir);
  const snapshot = await disk.read(files.snapshot);
  const log = await disk.read(files.log);
  const logBackup = await disk.read(files.logBackup);
  const assembleFrom = (bytes: Uint8Array) =>
    assemble({ snapshot: bytes, log, logBackup }, files, { endpoint, migrations });
  if (snapshot === undefined) {
    const backup = await disk.read(files.snapshotBackup);
    if (backup === undefined && isFresh(log)) return undefined;
    const refusal = refuse(files.snapshot, 'missing', message('state.companions_missing'));
    throw withBackupAdvice(refusal, files, { backup, assembleFrom });
  }
  try {
    return assembleFrom(snapshot);
  } catch (error) {
    if (!(error instanceof StateRefusedError) || error.file !== files.snapshot || error.reason !== 'damaged')
      throw error;
    throw withBackupAdvice(error, files, { backup: await disk.read(files.snapshotBackup), assembleFrom });
  }
}

interface StateBytes {
  readonly snapshot: Uint8Array;
  readonly log: Uint8Array | undefined;
  readonly logBackup: Uint8Array | undefined;
}

function assemble(
  bytes: StateBytes,
  files: StateFiles,
  expected: { readonly endpoint: string; readonly migrations: Migrations | undefined },
): LoadedState {
  const parsed = parseSnapshot(bytes.snapshot, expected.migrations);
  if (!parsed.ok) throw refuse(files.snapshot, parsed.reason, parsed.problem);
  const state = parsed.value;
  if (state.endpoint !== expected.endpoint) {
    throw refuse(
      files.snapshot,
      'foreign',
      message('state.foreign', { theirs: state.endpoint, ours: expected.endpoint }),
    );
  }
  if (bytes.log === undefined) throw refuse(files.log, 'missing', message('state.missing'));
  const log = parseLogOf(state, bytes.log, files.log, expected.migrations);
  const followsSnapshot = log.isCurrent && log.header.baseSerial === state.serial;
  if (log.header.baseSerial > state.serial && bytes.logBackup !== undefined) {
    const bridge = parseLogOf(state, bytes.logBackup, files.logBackup, expected.migrations);
    foldOrRefuse(state, bridge, files.logBackup);
  }
  foldOrRefuse(state, log, files.log);
  const goodBytes = bytes.log.subarray(0, bytes.log.length - log.droppedBytes);
  return {
    state,
    droppedBytes: log.droppedBytes,
    log: {
      isUsed: hasRecords(log) || log.droppedBytes > 0,
      goodBytes: followsSnapshot ? goodBytes : undefined,
    },
    snapshotBytes: bytes.snapshot.length,
  };
}

function parseLogOf(
  state: State,
  bytes: Uint8Array,
  file: string,
  migrations: Migrations | undefined,
): ParsedLog {
  const parsed = parseLog(bytes, migrations);
  if (!parsed.ok) throw refuse(file, parsed.reason, parsed.problem);
  if (parsed.value.header.lineage !== state.lineage) {
    throw refuse(file, 'damaged', message('state.other_lineage'));
  }
  return parsed.value;
}

function foldOrRefuse(state: MutableState, log: ParsedLog, file: string): void {
  const gap =
    log.header.baseSerial > state.serial
      ? message('state.gap_before', { from: log.header.baseSerial, end: state.serial })
      : foldRecords(state, log.records);
  if (gap !== undefined) throw refuse(file, 'damaged', gap);
}

/** An interrupted first run leaves at most such a log. Anything else without `state.json` is a loss. */
function isFresh(log: Uint8Array | undefined): boolean {
  const parsed = log === undefined ? undefined : parseLog(log);
  return (
    parsed === undefined || (parsed.ok && parsed.value.header.baseSerial === 0 && !hasRecords(parsed.value))
  );
}

function hasRecords(log: ParsedLog): boolean {
  return log.records.length > 0;
}

/** Names the backup as the remedy if it was checked and is usable. */
function withBackupAdvice(
  refusal: StateRefusedError,
  files: StateFiles,
  tried: { readonly backup: Uint8Array | undefined; readonly assembleFrom: (backup: Uint8Array) => unknown },
): StateRefusedError {
  if (tried.backup === undefined) return refusal;
  try {
    tried.assembleFrom(tried.backup);
  } catch {
    return refusal;
  }
  const { file, reason, problem } = refusal;
  const advice = message('state.restore_backup', { backup: files.snapshotBackup, file: files.snapshot });
  return new StateRefusedError({ file, reason, problem, advice });
}

function refuse(file: string, reason: StateRefusedError['reason'], problem: Message): StateRefusedError {
  return new StateRefusedError({ file, reason, problem, advice: ADVICE[reason] });
}

const ADVICE: Readonly<Record<StateRefusedError['reason'], Message>> = {
  damaged: message('state.restore'),
  missing: message('state.restore'),
  foreign: message('state.own_directory'),
  newer: message('state.newer_advice'),
};
