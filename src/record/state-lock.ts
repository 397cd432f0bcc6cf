/**
 * One writer per state directory: a lock file that names its holder. A holder that is gone is found out and its lock taken
 * over; of several who try at once exactly one succeeds. It keeps no heartbeat: a paused machine keeps its lock.
 */

import { join } from 'node:path';
import type { Disk } from '../lib/disk.ts';
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

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly start: string;
}

const LOCK = 'lock';
/** Guards the takeover of a lock whose holder is gone: only its owner may remove that lock. */
const TAKEOVER = 'lock.takeover';
const MODE = { mode: 0o600 } as const;

/** Rejects with `StateLockedError` when a living process holds the directory. */
export async function takeStateLock(options: {
  readonly disk: Disk;
  readonly dir: string;
  readonly process: ProcessTable;
}): Promise<StateLock> {
  const { disk, dir, process } = options;
  const file = join(dir, LOCK);
  const me: Holder = { pid: process.pid, host: process.host, start: process.startOf(process.pid) ?? '' };
  const content = Buffer.from(`${JSON.stringify(me)}\n`);
  if (!(await disk.createExclusive(file, content, MODE))) {
    await removeStale(file, options);
    if (!(await disk.createExclusive(file, content, MODE))) throw await describeHolder(file, options);
  }
  return {
    async release() {
      await disk.remove(file);
    },
  };
}

/** Removes the lock of a holder that is gone. Rejects with `StateLockedError` when the holder lives or another takes over. */
async function removeStale(
  file: string,
  options: { readonly disk: Disk; readonly dir: string; readonly process: ProcessTable },
): Promise<void> {
  const { disk, dir, process } = options;
  const guard = join(dir, TAKEOVER);
  const me: Holder = { pid: process.pid, host: process.host, start: process.startOf(process.pid) ?? '' };
  const judged = await readHolder(file, disk);
  if (judged !== undefined && isAlive(judged, process)) throw await describeHolder(file, options);
  if (!(await disk.createExclusive(guard, Buffer.from(`${JSON.stringify(me)}\n`), MODE))) {
    // Whoever holds the guard needs it for an instant only; one that died in that instant left it behind.
    const taker = await readHolder(guard, disk);
    if (taker === undefined || !isAlive(taker, process)) await disk.remove(guard);
    throw await describeHolder(file, options);
  }
  try {
    const holder = await readHolder(file, disk);
    if (holder !== undefined && isAlive(holder, process)) throw await describeHolder(file, options);
    await disk.remove(file);
  } finally {
    await disk.remove(guard);
  }
}

/** Undefined when there is no lock, or none that callbackd wrote whole: its writer died while writing it. */
async function readHolder(file: string, disk: Disk): Promise<Holder | undefined> {
  const bytes = await disk.read(file);
  if (bytes === undefined) return undefined;
  try {
    const { pid, host, start } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' && typeof start === 'string'
      ? { pid, host, start }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A holder on another host may live: nobody can tell from here, so it is believed. */
function isAlive(holder: Holder, process: ProcessTable): boolean {
  if (holder.host !== process.host) return true;
  const start = process.startOf(holder.pid);
  return start !== undefined && start === holder.start;
}

async function describeHolder(
  file: string,
  { disk, process }: { readonly disk: Disk; readonly process: ProcessTable },
): Promise<StateLockedError> {
  const holder = await readHolder(file, disk);
  const { pid, host } = holder ?? { pid: 0, host: process.host };
  const advice = host === process.host ? '' : `if it is gone, remove ${file}`;
  return new StateLockedError({ pid, host, file }, advice);
}
