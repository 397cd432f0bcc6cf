/**
 * The state of one directory, open for writing by one process: the lock is taken, the state is loaded and proven, and every
 * commit is durable when it resolves. Commits that come together share one write and one sync. After a write failed nothing
 * more is recorded: what cannot be trusted to be on disk must not be built upon.
 */

import type { AppendHandle, Disk } from '../lib/disk.ts';
import type { AppKey } from '../model/identity.ts';
import { InternalError } from '../model/invariant.ts';
import {
  emptyState,
  foldStateChange,
  type MutableState,
  type State,
  type StateChange,
} from '../model/state.ts';
import { loadState, type StateFiles, stateFilesIn } from './load-state.ts';
import { StatePoisonedError } from './state-errors.ts';
import { formatLogHeader, formatLogRecord, formatSnapshot } from './state-format.ts';
import { type ProcessTable, takeStateLock } from './state-lock.ts';

export interface StateStore {
  /** Folded as soon as a change is durable; the same object for the life of the store. */
  readonly state: State;
  /** The changes of one call become durable together or not at all. Rejects with a DiskError or a StatePoisonedError. */
  commit(...changes: readonly StateChange[]): Promise<void>;
  /**
   * After a write that failed: reads back what the disk really holds, makes it stand for itself and goes on from there.
   * Does nothing while all is well. Rejects while the disk still fails, and once the store was closed.
   */
  recover(): Promise<void>;
  /** Writes what is pending, folds the log into the snapshot and gives the lock back. */
  close(): Promise<void>;
  /** Bytes of an unfinished record that recovery dropped; 0 after a clean end. */
  readonly recoveredBytes: number;
}

export interface StateStoreOptions {
  readonly disk: Disk;
  readonly dir: string;
  /** The base URL that the state belongs to. */
  readonly endpoint: string;
  readonly clock: { now(): number };
  /** Numbers in [0, 1), for the lineage of a new state. */
  readonly random: () => number;
  readonly process: ProcessTable;
  /** The log is folded into the snapshot when it is larger than this and than the snapshot. */
  readonly logBytesMax?: number;
}

/**
 * Some 10,000 changes: 1,000 creates (1.04 MB measured) fit without a fold on the way, and reading it all back takes less than
 * 0.1 s.
 */
const LOG_BYTES_MAX = 2 * 1024 * 1024;
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const LINEAGE_DIGITS = 32;

interface Pending {
  readonly changes: readonly StateChange[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Rejects with `StateLockedError`, `StateRefusedError` or `DiskError`; then nothing was changed. */
export async function openStateStore(options: StateStoreOptions): Promise<StateStore> {
  const { disk, dir } = options;
  await disk.makeDirectory(dir, { mode: DIRECTORY_MODE });
  const lock = await takeStateLock({ disk, dir, process: options.process });
  try {
    const files = stateFilesIn(dir);
    const loaded = await loadState(options);
    const state = loaded?.state ?? emptyState(createLineage(options.random), options.endpoint);
    const opened: OpenFiles = { disk, files, snapshotBytes: 0, logBytes: 0, log: undefined };
    // A first run, and a last one that did not end cleanly, begin with files that stand for themselves.
    if (loaded === undefined || loaded.logIsUsed) await compact(opened, state, loaded !== undefined);
    else opened.log = await disk.openAppend(files.log, { mode: FILE_MODE });
    return new Store({
      options,
      state,
      opened,
      release: lock.release,
      recoveredBytes: loaded?.droppedBytes ?? 0,
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface OpenFiles {
  readonly disk: Disk;
  readonly files: StateFiles;
  snapshotBytes: number;
  logBytes: number;
  /** Absent only while files are being made; the store is poisoned when that fails. */
  log: AppendHandle | undefined;
}

/**
 * Writes the state as a snapshot and begins an empty log. In this order every instant between two steps is readable: a new
 * snapshot beside the old log holds all its records, and the old snapshot with the old log stays behind as the backup.
 */
async function compact(opened: OpenFiles, state: State, hasPrevious: boolean): Promise<void> {
  const { disk, files } = opened;
  const snapshot = formatSnapshot(state);
  const header = formatLogHeader({ lineage: state.lineage, baseSerial: state.serial });
  if (!hasPrevious) {
    await disk.replace(files.log, header, { mode: FILE_MODE });
    await disk.replace(files.snapshot, snapshot, { mode: FILE_MODE });
  } else {
    await opened.log?.close();
    opened.log = undefined;
    await disk.duplicate(files.snapshot, files.snapshotBackup);
    await disk.replace(files.snapshot, snapshot, { mode: FILE_MODE });
    await disk.duplicate(files.log, files.logBackup);
    await disk.replace(files.log, header, { mode: FILE_MODE });
  }
  opened.log = await disk.openAppend(files.log, { mode: FILE_MODE });
  opened.snapshotBytes = snapshot.length;
  opened.logBytes = 0;
}

function createLineage(random: () => number): string {
  return Array.from({ length: LINEAGE_DIGITS }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** The object stays the same, because everybody holds on to it. */
function replaceState(target: MutableState, source: MutableState): void {
  const maps = ['apps', 'intents', 'backoffs', 'drifts', 'pauses'] as const;
  for (const name of maps) {
    const map = target[name] as Map<AppKey, unknown>;
    map.clear();
    for (const [key, value] of source[name]) map.set(key, value);
  }
  delete target.pausedAll;
  delete target.calls;
  const { lineage, serial, endpoint, grants, deletions, pausedAll, calls } = source;
  Object.assign(target, { lineage, serial, endpoint, grants, deletions });
  if (pausedAll !== undefined) target.pausedAll = pausedAll;
  if (calls !== undefined) target.calls = calls;
}

class Store implements StateStore {
  readonly state: MutableState;
  readonly recoveredBytes: number;
  readonly #options: StateStoreOptions;
  readonly #opened: OpenFiles;
  readonly #release: () => Promise<void>;
  #pending: Pending[] = [];
  #flushing: Promise<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: {
    readonly options: StateStoreOptions;
    readonly state: MutableState;
    readonly opened: OpenFiles;
    readonly release: () => Promise<void>;
    readonly recoveredBytes: number;
  }) {
    this.state = parts.state;
    this.recoveredBytes = parts.recoveredBytes;
    this.#options = parts.options;
    this.#opened = parts.opened;
    this.#release = parts.release;
  }

  commit(...changes: readonly StateChange[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(new StatePoisonedError(this.#failure.cause));
    if (changes.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#pending.push({ changes, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async recover(): Promise<void> {
    if (this.#failure === undefined) return;
    if (this.#closed !== undefined) throw new StatePoisonedError(this.#failure.cause);
    await this.#flushing;
    const log = this.#opened.log;
    this.#opened.log = undefined;
    // The failure is known; a file that does not close either adds nothing to it.
    await log?.close().catch(() => undefined);
    const loaded = await loadState(this.#options);
    if (loaded === undefined) throw new StatePoisonedError(this.#failure.cause);
    replaceState(this.state, loaded.state);
    await compact(this.#opened, this.state, true);
    this.#failure = undefined;
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    await this.#flushing;
    const isSound = this.#failure === undefined;
    this.#failure ??= { cause: new Error('the state store was closed') };
    try {
      if (isSound && this.#opened.logBytes > 0) await compact(this.#opened, this.state, true);
      await this.#opened.log?.close();
    } finally {
      await this.#release();
    }
  }

  /** Writes batch after batch until nothing is pending. Whoever commits while one is written shares the next. */
  async #flush(): Promise<void> {
    // The turn ends first, so that commits made side by side share the first write too.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0);
      try {
        await this.#write(batch.flatMap((each) => each.changes));
      } catch (error) {
        this.#poison(error);
        for (const each of batch) each.reject(error);
        break;
      }
      for (const each of batch) each.resolve();
      await this.#compactWhenLarge();
    }
    this.#flushing = undefined;
  }

  async #write(changes: readonly StateChange[]): Promise<void> {
    const opened = this.#opened;
    if (opened.log === undefined) throw new InternalError('the state log is not open');
    const serial = this.state.serial + changes.length;
    const record = formatLogRecord({ serial, at: this.#options.clock.now(), changes });
    await opened.log.append(record);
    await opened.log.sync();
    opened.logBytes += record.length;
    for (const change of changes) foldStateChange(this.state, change);
  }

  /** What was committed before is durable in the log even when this fails; only later commits are refused then. */
  async #compactWhenLarge(): Promise<void> {
    const bound = Math.max(this.#options.logBytesMax ?? LOG_BYTES_MAX, this.#opened.snapshotBytes);
    if (this.#opened.logBytes <= bound) return;
    try {
      await compact(this.#opened, this.state, true);
    } catch (error) {
      this.#poison(error);
    }
  }

  #poison(error: unknown): void {
    this.#failure = { cause: error };
    for (const each of this.#pending.splice(0)) each.reject(new StatePoisonedError(error));
  }
}
