/**
 * The files of a state while one process writes them: created, continued, appended to, compacted. Every
 * method is durable when it resolves and rejects with a DiskError; at every instant between two steps the
 * files can be read.
 */

import type { AppendHandle, Disk } from '../lib/disk.ts';
import { InternalError } from '../model/invariant.ts';
import type { State } from '../model/state.ts';
import { type LoadedState, stateFilesIn } from './load-state.ts';
import { formatLogHeader, formatSnapshot } from './state-format.ts';

export interface StateFilesInUse {
  readonly snapshotBytes: number;
  /**
   * Of the log, its header counted only if it was continued; 0 when nothing was recorded since the snapshot.
   */
  readonly logBytes: number;
  /** The first files of a directory. */
  begin(state: State): Promise<void>;
  /**
   * Continues the loaded files, and returns whether it could: a log that is not short, or does not follow the
   * snapshot, is to be folded instead.
   */
  goOn(loaded: LoadedState, shortMax: number): Promise<boolean>;
  append(record: Uint8Array): Promise<void>;
  /** Writes the state as a new snapshot and begins an empty log. */
  fold(state: State): Promise<void>;
  /** Whether the open log is still the one at its path; true while none is open. */
  isInPlace(): Promise<boolean>;
  /** Closes a log that failed; a failure to close adds nothing to that, and is not told. */
  abandon(): Promise<void>;
  close(): Promise<void>;
}

const MODE = { mode: 0o600 };

export function createStateFiles(disk: Disk, dir: string): StateFilesInUse {
  const files = stateFilesIn(dir);
  /** Absent only while files are being made; nothing is recorded after that failed. */
  let log: AppendHandle | undefined;
  let snapshotBytes = 0;
  let logBytes = 0;

  async function openLog(): Promise<void> {
    log = await disk.openAppend(files.log, MODE);
  }

  async function releaseLog(): Promise<void> {
    const released = log;
    log = undefined;
    await released?.close();
  }

  return {
    get snapshotBytes() {
      return snapshotBytes;
    },
    get logBytes() {
      return logBytes;
    },
    async begin(state) {
      const snapshot = formatSnapshot(state);
      await disk.replace(files.log, headerOf(state), MODE);
      await disk.replace(files.snapshot, snapshot, MODE);
      await openLog();
      snapshotBytes = snapshot.length;
    },
    async goOn(loaded, shortMax) {
      const { goodBytes, isUsed } = loaded.log;
      if (goodBytes === undefined) return false;
      if (isUsed) {
        if (!isShortLog(goodBytes.length, loaded.snapshotBytes, shortMax)) return false;
        // Rewritten: a page that the last process failed to sync stays readable only until the next power
        // loss.
        await disk.replace(files.log, goodBytes, MODE);
        logBytes = goodBytes.length;
      }
      await openLog();
      snapshotBytes = loaded.snapshotBytes;
      return true;
    },
    async append(record) {
      if (log === undefined) throw new InternalError('the state log is not open');
      await log.append(record);
      await log.sync();
      logBytes += record.length;
    },
    // The new snapshot includes the old log's records; the old pair stays as the backup.
    async fold(state) {
      const snapshot = formatSnapshot(state);
      await releaseLog();
      await disk.duplicate(files.snapshot, files.snapshotBackup);
      await disk.replace(files.snapshot, snapshot, MODE);
      await disk.duplicate(files.log, files.logBackup);
      await disk.replace(files.log, headerOf(state), MODE);
      await openLog();
      snapshotBytes = snapshot.length;
      logBytes = 0;
    },
    isInPlace: async () => log === undefined || log.isInPlace(),
    async abandon() {
      await releaseLog().catch(() => undefined);
    },
    close: releaseLog,
  };
}

/**
 * Whether the log is left at the end: only beside a snapshot that is longer than that, for a small one is
 * soon written, and then the last one is at hand as a backup.
 */
export function isShortLog(logBytes: number, snapshotBytes: number, shortMax: number): boolean {
  return logBytes <= shortMax && snapshotBytes > shortMax;
}

function headerOf({ lineage, serial }: State): Uint8Array {
  return formatLogHeader({ lineage, baseSerial: serial });
}
