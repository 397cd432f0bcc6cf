/**
 * A disk that keeps exactly what `lib/disk.ts` promises: a power cut drops or tears unsynced data, a failed
 * sync loses it permanently, and an interrupted replace leaves the old content or the new one.
 */

import {
  type AppendHandle,
  type Disk,
  DiskError,
  type DiskOperation,
  type FileStat,
  type ReadHandle,
} from '../lib/disk.ts';
import type { ProcessInstance } from './process-instance.ts';
import type { Rng } from './random.ts';

/** One file, which may have several names. */
interface Inode {
  /** What a reader sees. */
  bytes: Uint8Array;
  /** Where `bytes` grows in place; absent until the first append. */
  room?: Uint8Array;
  /** How many bytes from the start survive a power cut. */
  synced: number;
  /** A sync failed: bytes beyond `synced` never become durable. */
  isDoomed: boolean;
  readonly mode: number;
  modifiedAt: number;
}

/** In memory: empty after a reboot, as on every Linux. */
const IN_MEMORY = '/run/';

export type DiskFault = 'EIO' | 'ENOSPC';

interface DiskDeps {
  readonly instance: ProcessInstance;
  readonly rng: Rng;
  /** Whether the next operation fails. */
  readonly fault: (operation: DiskOperation, path: string) => DiskFault | undefined;
}

/** The medium, which outlives processes. */
export interface SimulatedDisk {
  /** The disk as one process sees it. */
  mount(deps: DiskDeps): Disk;
  /** Loses what was not synced, and everything under `/run`. */
  cutPower(rng: Rng): void;
  /** All readable files by path. */
  files(): ReadonlyMap<string, Uint8Array>;
  /** How many changes there were. */
  readonly writes: number;
  /** Creates a file from outside the simulated processes. */
  plant(path: string, bytes: Uint8Array): void;
}

interface Medium {
  readonly names: Map<string, Inode>;
  readonly directories: Set<string>;
  /** Lock files, which are not durable and disappear in a power cut. */
  readonly volatileNames: Set<string>;
  now: () => number;
  writes: number;
}

export function createSimulatedDisk(): SimulatedDisk {
  const medium: Medium = {
    names: new Map(),
    directories: new Set(['/']),
    volatileNames: new Set(),
    now: () => 0,
    writes: 0,
  };
  return {
    mount: (deps) => mount(medium, deps),
    cutPower(rng) {
      for (const name of medium.volatileNames) medium.names.delete(name);
      medium.volatileNames.clear();
      for (const name of medium.names.keys()) if (name.startsWith(IN_MEMORY)) medium.names.delete(name);
      for (const name of medium.directories) if (name.startsWith(IN_MEMORY)) medium.directories.delete(name);
      for (const inode of new Set(medium.names.values())) tear(inode, rng);
    },
    files: () => new Map([...medium.names].map(([name, inode]) => [name, inode.bytes])),
    get writes() {
      return medium.writes;
    },
    plant(path, bytes) {
      medium.names.set(path, newInode(bytes, 0o600, 0));
      medium.directories.add(parentOf(path));
    },
  };
}

function mount(medium: Medium, deps: DiskDeps): Disk {
  medium.now = deps.instance.clock.now;
  const pause = pauseOf(deps);
  /** Half of the operations take effect before their pause, so that a crash can hit either side. */
  async function act<Result>(operation: DiskOperation, path: string, work: () => Result): Promise<Result> {
    if (!deps.instance.isAlive()) return new Promise(() => {});
    const fault = deps.fault(operation, path);
    const isEarly = deps.rng.happens(0.5);
    const changes = operation !== 'read' && operation !== 'stat' && operation !== 'list';
    const early = fault === undefined && isEarly ? { result: work() } : undefined;
    if (fault !== undefined && changes && isEarly && MAY_SHOW_AFTER_FAILING.includes(operation)) work();
    await pause(operation);
    if (fault !== undefined) throw new DiskError(operation, path, fault);
    if (changes) medium.writes += 1;
    return early === undefined ? work() : early.result;
  }
  return {
    read: (path) => act('read', path, () => medium.names.get(path)?.bytes.slice()),
    openRead: (path) => act('read', path, () => openRead(medium, path, act)),
    replace: (path, data, { mode }) =>
      act('write', path, () => {
        needDirectory(medium, path, 'create');
        medium.names.set(path, newInode(data.slice(), mode, medium.now()));
      }),
    duplicate: (from, to) =>
      act('link', to, () => {
        const inode = need(medium, from, 'link');
        const copy = () => newInode(inode.bytes.slice(), inode.mode, inode.modifiedAt);
        medium.names.set(to, deps.rng.happens(0.5) ? inode : copy());
      }),
    createExclusive: (path, data, { mode }) =>
      act('create', path, () => {
        needDirectory(medium, path, 'create');
        if (medium.names.has(path)) return false;
        medium.names.set(path, newInode(data.slice(), mode, medium.now()));
        medium.volatileNames.add(path);
        return true;
      }),
    openAppend: (path, { mode }) =>
      act('create', path, () => {
        needDirectory(medium, path, 'create');
        const inode = medium.names.get(path) ?? newInode(new Uint8Array(), mode, medium.now());
        medium.names.set(path, inode);
        return createAppendHandle(path, inode, { medium, deps });
      }),
    rename: (from, to) =>
      act('rename', to, () => {
        const inode = need(medium, from, 'rename');
        medium.names.delete(from);
        medium.names.set(to, inode);
      }),
    remove: (path) => act('remove', path, () => medium.names.delete(path)),
    list: (directory) => act('list', directory, () => list(medium, directory)),
    makeDirectory: (path) =>
      act('make_directory', path, () => {
        for (let made = path; made !== '/'; made = parentOf(made)) medium.directories.add(made);
      }),
    stat: (path) => act('stat', path, () => stat(medium, path)),
  };
}

/** The longest time of an operation in milliseconds, as of a disk with a cache. */
const PAUSE_MS: Partial<Record<DiskOperation, number>> = {
  write: 2,
  sync: 12,
  rename: 12,
  create: 3,
  remove: 3,
};

/** Waits for the duration of the operation; never returns to a process that has ended. */
function pauseOf({ instance, rng }: DiskDeps): (operation: DiskOperation) => Promise<void> {
  return async (operation) => {
    const longest = PAUSE_MS[operation];
    if (longest === undefined) return instance.guard(async () => {});
    await instance.clock.sleep(rng.next() * longest);
  };
}

/** Operations whose change may be visible although they failed. */
const MAY_SHOW_AFTER_FAILING: readonly DiskOperation[] = ['write', 'rename', 'link', 'remove'];

function createAppendHandle(
  path: string,
  inode: Inode,
  { medium, deps }: { readonly medium: Medium; readonly deps: DiskDeps },
): AppendHandle {
  const pause = pauseOf(deps);
  return {
    async append(data) {
      if (!deps.instance.isAlive()) return new Promise(() => {});
      const fault = deps.fault('write', path);
      const written = fault === undefined ? data.length : deps.rng.between(0, data.length);
      append(inode, data.subarray(0, written));
      inode.modifiedAt = medium.now();
      medium.writes += 1;
      await pause('write');
      if (fault !== undefined) throw new DiskError('write', path, fault);
    },
    async sync() {
      if (!deps.instance.isAlive()) return new Promise(() => {});
      const fault = deps.fault('sync', path);
      const reach = inode.bytes.length;
      const isEarly = deps.rng.happens(0.5);
      const settle = () => {
        if (!inode.isDoomed) inode.synced = Math.max(inode.synced, reach);
      };
      if (fault !== undefined) inode.isDoomed = true;
      else if (isEarly) settle();
      await pause('sync');
      if (fault !== undefined) throw new DiskError('sync', path, fault);
      if (!isEarly) settle();
    },
    isInPlace: () =>
      deps.instance.isAlive()
        ? Promise.resolve(medium.names.get(path) === inode)
        : new Promise<boolean>(() => {}),
    close: () => pause('stat'),
  };
}

function openRead(
  medium: Medium,
  path: string,
  act: <Result>(operation: DiskOperation, path: string, work: () => Result) => Promise<Result>,
): ReadHandle | undefined {
  const inode = medium.names.get(path);
  if (inode === undefined) return undefined;
  return {
    bytes: inode.bytes.length,
    read: (position, length) => act('read', path, () => inode.bytes.slice(position, position + length)),
    close: async () => {},
  };
}

/** Unsynced data is lost, truncated or corrupted: the contract of `lib/disk.ts` allows each. */
function tear(inode: Inode, rng: Rng): void {
  const kept = inode.bytes.slice(0, inode.synced);
  const lost = inode.bytes.slice(inode.synced);
  inode.isDoomed = false;
  if (lost.length === 0) return;
  const fate = rng.between(1, 4);
  const tail = fate === 1 ? lost.subarray(0, 0) : lost.subarray(0, rng.between(0, lost.length));
  if (fate === 3) tail.fill(0);
  if (fate === 4 && tail.length > 0) tail[rng.between(0, tail.length - 1)] = rng.between(0, 255);
  inode.bytes = concatenate(kept, tail);
  inode.synced = inode.bytes.length;
}

function newInode(bytes: Uint8Array, mode: number, modifiedAt: number): Inode {
  return { bytes, synced: bytes.length, isDoomed: false, mode, modifiedAt };
}

function stat(medium: Medium, path: string): FileStat | undefined {
  const inode = medium.names.get(path);
  if (inode !== undefined) {
    return { kind: 'file', bytes: inode.bytes.length, mode: inode.mode, modifiedAt: inode.modifiedAt };
  }
  if (!medium.directories.has(path)) return undefined;
  return { kind: 'directory', bytes: 0, mode: 0o700, modifiedAt: 0 };
}

function list(medium: Medium, directory: string): readonly string[] | undefined {
  if (!medium.directories.has(directory)) return undefined;
  const inside = [...medium.names.keys()].filter((name) => parentOf(name) === directory);
  return inside.map((name) => name.slice(directory.length + 1)).sort();
}

function need(medium: Medium, path: string, operation: DiskOperation): Inode {
  const inode = medium.names.get(path);
  if (inode === undefined) throw new DiskError(operation, path, 'ENOENT');
  return inode;
}

function needDirectory(medium: Medium, path: string, operation: DiskOperation): void {
  if (!medium.directories.has(parentOf(path))) throw new DiskError(operation, path, 'ENOENT');
}

function parentOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

/** Appends in place and doubles the buffer when it is full, so that appending stays linear. */
function append(inode: Inode, data: Uint8Array): void {
  const length = inode.bytes.length + data.length;
  let { room } = inode;
  if (room === undefined || room.buffer !== inode.bytes.buffer || room.length < length) {
    room = new Uint8Array(2 * length);
    room.set(inode.bytes);
    inode.room = room;
  }
  room.set(data, inode.bytes.length);
  inode.bytes = room.subarray(0, length);
}

function concatenate(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
