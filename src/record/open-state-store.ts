/**
 * The state of one directory, open for writing by one process: the lock is taken, the state is loaded and
 * proven, and every commit is durable when it resolves. Commits that come together share one write and one
 * sync. After a write failed nothing more is recorded: what cannot be trusted to be on disk must not be built
 * upon.
 */

import { type Disk, DiskError } from '../lib/disk.ts';
import { foldStateChange } from '../model/fold-state.ts';
import {
  emptyState,
  type MutableState,
  type State,
  type StateChange,
  type StateChanges,
} from '../model/state.ts';
import { loadState, stateFilesIn } from './load-state.ts';
import { StateLockedError, StatePoisonedError } from './state-errors.ts';
import { createStateFiles, isShortLog, type StateFilesInUse } from './state-files.ts';
import { formatLogRecord } from './state-format.ts';
import { type ProcessTable, type StateLock, takeStateLock } from './state-lock.ts';

export interface StateStore {
  /** Folded as soon as a change is durable; the same object for the life of the store. */
  readonly state: State;
  /**
   * The changes of one call become durable together or not at all. Rejects with a DiskError or a
   * StatePoisonedError.
   */
  commit(changes: StateChanges): Promise<void>;
  /**
   * Checks that files and lock are still in place. After a failed write, or when they were gone and are back:
   * reloads from disk and rewrites the snapshot. Rejects while the disk still fails or the files are not there,
   * and once the store was closed.
   */
  recover(): Promise<void>;
  /**
   * Why nothing may be sent any more, to be asked before each write to the account: a write of the state failed,
   * or its files or lock are no longer at their path (checked at most once a second). Undefined while all is well.
   */
  findFailure(): Promise<DiskError | undefined>;
  /**
   * Writes what is pending, folds the log into the snapshot unless it is short beside it, and gives the lock
   * back.
   */
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
  /** Only tests and rehearsals have reason to pass them. */
  readonly logBounds?: LogBounds;
}

/** In bytes. */
interface LogBounds {
  /** The log is folded into the snapshot when it is larger than this and than the snapshot. */
  readonly whileOpen: number;
  /**
   * A log of up to this length is left at the end beside a longer snapshot, and continued by the next
   * process.
   */
  readonly atEnd: number;
}

/**
 * While open, some 10,000 changes: 1,000 creates (1.04 MB measured) fit without a fold on the way, and
 * reading it all back takes less than 0.1 s. At the end, some 300: a round that changed nothing records one,
 * and must not write a snapshot for it: with 10,000 apps, 6 MB and 0.2 s of CPU at the end of each command,
 * and again at the start of the next.
 */
const LOG_BOUNDS: LogBounds = { whileOpen: 2 * 1024 * 1024, atEnd: 64 * 1024 };
/** Between two looks at whether the files are still the ones at their path. */
const LOOK_MS_MIN = 1_000;
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
    const loaded = await loadState(options);
    const state = loaded?.state ?? emptyState(createLineage(options.random), options.endpoint);
    const opened = createStateFiles(disk, dir);
    if (loaded === undefined) await opened.begin(state);
    else if (!(await opened.goOn(loaded, boundsOf(options).atEnd))) await opened.fold(state);
    return new Store({
      options,
      state,
      opened,
      lock,
      recoveredBytes: loaded?.droppedBytes ?? 0,
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function boundsOf(options: StateStoreOptions): LogBounds {
  return options.logBounds ?? LOG_BOUNDS;
}

function createLineage(random: () => number): string {
  return Array.from({ length: LINEAGE_DIGITS }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** The object stays the same, because everybody holds on to it. */
function replaceState(target: MutableState, source: MutableState): void {
  const maps = ['apps', 'intents', 'backoffs', 'drifts', 'pauses', 'deleted'] as const;
  for (const name of maps) {
    const map = target[name] as Map<string, unknown>;
    map.clear();
    for (const [key, value] of source[name]) map.set(key, value);
  }
  delete target.pausedAll;
  delete target.calls;
  delete target.boot;
  const { lineage, serial, endpoint, grants, deletions, marks, pausedAll, calls, boot } = source;
  Object.assign(target, { lineage, serial, endpoint, grants, deletions, marks });
  if (pausedAll !== undefined) target.pausedAll = pausedAll;
  if (calls !== undefined) target.calls = calls;
  if (boot !== undefined) target.boot = boot;
}

class Store implements StateStore {
  readonly state: MutableState;
  readonly recoveredBytes: number;
  readonly #options: StateStoreOptions;
  readonly #opened: StateFilesInUse;
  #lock: StateLock;
  /** Of the last look, by the clock. */
  #lookedAt: number;
  #pending: Pending[] = [];
  #flushing: Promise<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: {
    readonly options: StateStoreOptions;
    readonly state: MutableState;
    readonly opened: StateFilesInUse;
    readonly lock: StateLock;
    readonly recoveredBytes: number;
  }) {
    this.state = parts.state;
    this.recoveredBytes = parts.recoveredBytes;
    this.#options = parts.options;
    this.#opened = parts.opened;
    this.#lock = parts.lock;
    this.#lookedAt = parts.options.clock.now();
  }

  commit(committed: StateChanges): Promise<void> {
    const changes = [committed].flat();
    if (this.#failure !== undefined) return Promise.reject(new StatePoisonedError(this.#failure.cause));
    if (changes.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#pending.push({ changes, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async findFailure(): Promise<DiskError | undefined> {
    if (this.#failure === undefined) await this.#look().catch((error: unknown) => this.#poison(error));
    return this.#failure === undefined ? undefined : new StatePoisonedError(this.#failure.cause);
  }

  async recover(): Promise<void> {
    if (this.#closed !== undefined) throw new StatePoisonedError(this.#failure?.cause);
    await this.#flushing;
    if ((await this.findFailure()) === undefined || this.#failure === undefined) return;
    const { cause } = this.#failure;
    if (!(await this.#opened.isInPlace())) throw cause;
    if (!(await this.#lock.isHeld())) await this.#takeLockAgain();
    await this.#opened.abandon();
    const loaded = await loadState(this.#options);
    if (loaded?.state.lineage !== this.state.lineage) throw new StatePoisonedError(cause);
    replaceState(this.state, loaded.state);
    await this.#opened.fold(this.state);
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
      const { logBytes, snapshotBytes } = this.#opened;
      const isLeft = logBytes === 0 || isShortLog(logBytes, snapshotBytes, boundsOf(this.#options).atEnd);
      if (isSound && !isLeft) await this.#fold();
      await this.#opened.close();
    } finally {
      await this.#lock.release();
    }
  }

  /** Writes batches until nothing is pending. Commits made during a write share the next batch. */
  async #flush(): Promise<void> {
    // The turn ends first, so that commits made side by side share the first write too.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0);
      try {
        await this.#write(batch.flatMap((each) => each.changes));
        await this.#look();
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
    const serial = this.state.serial + changes.length;
    await this.#opened.append(formatLogRecord({ serial, at: this.#options.clock.now(), changes }));
    for (const change of changes) foldStateChange(this.state, change);
  }

  /**
   * What was committed before is durable in the log even when this fails; only later commits are refused
   * then.
   */
  async #compactWhenLarge(): Promise<void> {
    const bound = Math.max(boundsOf(this.#options).whileOpen, this.#opened.snapshotBytes);
    if (this.#opened.logBytes <= bound) return;
    try {
      await this.#fold();
    } catch (error) {
      this.#poison(error);
    }
  }

  /** Never over the files of somebody else. */
  async #fold(): Promise<void> {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    await this.#look();
    await this.#opened.fold(this.state);
  }

  /**
   * At most once a second: whether what was written is where the next process will look for it, and the lock is still ours. Rejects
   * with a `DiskError` (`ESTALE`) where it is not: what was committed just now must not be acted upon.
   */
  async #look(): Promise<void> {
    const now = this.#options.clock.now();
    if (Math.abs(now - this.#lookedAt) < LOOK_MS_MIN) return;
    if (!(await this.#opened.isInPlace()))
      throw new DiskError('write', stateFilesIn(this.#options.dir).log, 'ESTALE');
    if (!(await this.#lock.isHeld())) throw new DiskError('write', this.#lock.file, 'ESTALE');
    this.#lookedAt = now;
  }

  /** After it was removed by hand, or by a process that took this one for dead and has ended. */
  async #takeLockAgain(): Promise<void> {
    await this.#lock.release();
    try {
      this.#lock = await takeStateLock(this.#options);
    } catch (error) {
      if (error instanceof StateLockedError) throw new DiskError('write', error.file, 'EBUSY', error);
      throw error;
    }
  }

  #poison(error: unknown): void {
    this.#failure = { cause: error };
    for (const each of this.#pending.splice(0)) each.reject(new StatePoisonedError(error));
  }
}
