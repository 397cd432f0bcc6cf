/**
 * One writer per state directory. Every process that wants to write puts down a lock file under a name that no other process
 * ever uses, then looks who else is there: whoever finds a living one steps back. So no living lock is ever removed by
 * somebody else, and a holder that is gone (kill -9, a reboot, its pid reused) is simply cleared away. It keeps no heartbeat:
 * a paused machine keeps its lock. Made for local file systems, where a name that was created is seen by the next listing.
 */

import { join } from 'node:path';
import type { Disk } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';
import { message } from '../messages/message.ts';
import { StateLockedError } from './state-errors.ts';

/** What can be told about processes. */
export interface ProcessTable {
  readonly pid: number;
  /** The machine or container: a holder elsewhere cannot be judged from here. */
  readonly host: string;
  /** A text that two processes with the same pid never share (boot and start time); undefined when no such process runs. */
  startOf(pid: number): string | undefined;
}

export interface StateLock {
  release(): Promise<void>;
}

interface LockOptions {
  readonly disk: Disk;
  /** The state directory; it exists. */
  readonly dir: string;
  readonly process: ProcessTable;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Absent when the file does not tell it: its writer died while writing on a file system without hard links. */
  readonly start: string | undefined;
  readonly file: string;
  /** The file does not have its name yet, so its writer has not looked around yet and will see us. */
  readonly isUnnamed: boolean;
}

/** With the leftovers of a crash between writing a lock file and giving it its name. */
const LOCK_NAME = /^lock\.(\d+)-[0-9a-f]{8}(\.[0-9a-f-]+\.tmp)?$/;
const MODE = { mode: 0o600 } as const;
/**
 * Of two that come at the same instant, the one whose name sorts first stays and looks again, until the other has stepped back.
 * A look takes a fraction of a millisecond; stepping back takes a few.
 */
const LOOKS_MAX = 200;

/** Rejects with `StateLockedError` when a living process holds the directory, or with a `DiskError`. */
export async function takeStateLock(options: LockOptions): Promise<StateLock> {
  const { disk, dir, process: processes } = options;
  const start = processes.startOf(processes.pid) ?? '';
  const name = nameOf({ pid: processes.pid, host: processes.host, start });
  const file = join(dir, name);
  const content = `${JSON.stringify({ pid: processes.pid, host: processes.host, start })}\n`;
  if (!(await disk.createExclusive(file, Buffer.from(content), MODE))) {
    throw new StateLockedError(
      { pid: processes.pid, host: processes.host, file },
      message('state.locked_by_itself'),
    );
  }
  const release = async () => void (await disk.remove(file));
  try {
    await waitUntilAlone(name, options);
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

async function waitUntilAlone(name: string, options: LockOptions): Promise<void> {
  const { disk, dir, process: processes } = options;
  for (let look = 1; ; look += 1) {
    const others = (await listHolders(options)).filter((other) => other.file !== join(dir, name));
    const living = others.filter((other) => isAlive(other, processes) && !other.isUnnamed);
    const [first] = living;
    if (first === undefined) {
      for (const gone of others) if (!isAlive(gone, processes)) await disk.remove(gone.file);
      return;
    }
    const staysFirst = living.every((other) => join(dir, name) < other.file);
    if (!staysFirst || look === LOOKS_MAX) throw describe(first, processes);
  }
}

async function listHolders({ disk, dir, process: processes }: LockOptions): Promise<readonly Holder[]> {
  const holders: Holder[] = [];
  for (const name of (await disk.list(dir)) ?? []) {
    const parts = LOCK_NAME.exec(name);
    if (parts === null) continue;
    const file = join(dir, name);
    const bytes = await disk.read(file);
    if (bytes === undefined) continue;
    const told = parseHolder(bytes);
    const isUnnamed = parts[2] !== undefined;
    holders.push({
      pid: Number(parts[1]),
      host: told?.host ?? processes.host,
      start: told?.start,
      file,
      isUnnamed,
    });
  }
  return holders;
}

function parseHolder(bytes: Uint8Array): { readonly host: string; readonly start: string } | undefined {
  try {
    const { host, start } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Holder>;
    return typeof host === 'string' && typeof start === 'string' ? { host, start } : undefined;
  } catch {
    return undefined;
  }
}

/** What cannot be judged is believed to live: a holder on another host, or one of which only the pid is known. */
function isAlive(holder: Holder, processes: ProcessTable): boolean {
  if (holder.host !== processes.host) return true;
  const start = processes.startOf(holder.pid);
  return start !== undefined && (holder.start === undefined || start === holder.start);
}

function describe(holder: Holder, processes: ProcessTable): StateLockedError {
  const isJudged = holder.host === processes.host && holder.start !== undefined;
  return new StateLockedError(
    holder,
    isJudged ? undefined : message('state.remove_lock', { file: holder.file }),
  );
}

function nameOf(identity: { readonly pid: number; readonly host: string; readonly start: string }): string {
  const tag = sha256(`${identity.host}\n${identity.start}`).slice(0, 8);
  return `lock.${identity.pid}-${tag}`;
}
