/**
 * A disk that keeps exactly what `lib/disk.ts` promises and not a byte more: a power cut takes or tears what was not
 * synced, a failed sync loses it for good, and a replace that was cut off leaves the old content or the new one.
 */

import {
  type AppendHandle,
  type Disk,
  DiskError,
  type DiskOperation,
  type FileStat,
  type ReadHandle,
} from '../lib/disk.ts';
import type { Life } from './life.ts';
import type { Chance } from './random.ts';

/** One file, which may have several names. */
interface Inode {
  /** What a reader sees. */
  bytes: Uint8Array;
  /** Where `bytes` grows in place; absent until the first append. */
  room?: Uint8Array;
  /** How much of it from the beginning survives a power cut. */
  synced: number;
  /** A sync failed: what lies beyond `synced` will never be durable. */
  isDoomed: boolean;
  readonly mode: number;
  modifiedAt: number;
}

/** A file system that is made anew at each boot, as on every Linux. */
const IN_MEMORY = '/run/';

export type DiskFault = 'EIO' | 'ENOSPC';

interface DiskDeps {
  readonly life: Life;
  readonly chance: Chance;
  /** Whether the operation about to be done fails. */
  readonly fault: (operation: DiskOperation, path: string) => DiskFault | undefined;
}

/** The medium: what outlives processes. */
export interface SimulatedDisk {
  /** The disk as one process sees it. */
  mount(deps: DiskDeps): Disk;
  /** Everybody who was writing is gone, and so is what was not synced, and everything under `/run`. */
  cutPower(chance: Chance): void;
  /** Everything readable now, for searching. */
  files(): ReadonlyMap<string, Uint8Array>;
  /** Changes of any kind so far, for proving that there was none. */
  readonly writes: number;
  /** Puts a file there as somebody else would. */
  plant(path: string, bytes: Uint8Array): void;
}

interface Medium {
  readonly names: Map<string, Inode>;
  readonly directories: Set<string>;
  /** Names of lock files: gone after a power cut, because nothing made them durable. */
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
    cutPower(chance) {
      for (const name of medium.volatileNames) medium.names.delete(name);
      medium.volatileNames.clear();
      for (const name of medium.names.keys()) if (name.startsWith(IN_MEMORY)) medium.names.delete(name);
      for (const name of medium.directories) if (name.startsWith(IN_MEMORY)) medium.directories.delete(name);
      for (const inode of new Set(medium.names.values())) tear(inode, chance);
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
  medium.now = deps.life.clock.now;
  const pause = pauseOf(deps);
  /** Half of the time the operation happens before its pause, so that a crash meets both sides of it. */
  async function act<Result>(operation: DiskOperation, path: string, work: () => Result): Promise<Result> {
    if (!deps.life.isAlive()) return new Promise(() => {});
    const fault = deps.fault(operation, path);
    const isEarly = deps.chance.happens(0.5);
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
        medium.names.set(to, deps.chance.happens(0.5) ? inode : copy());
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

/** How long operations take at most, in milliseconds; an orderly disk with a cache. */
const PAUSE_MS: Partial<Record<DiskOperation, number>> = {
  write: 2,
  sync: 12,
  rename: 12,
  create: 3,
  remove: 3,
};

/** Waits as long as the operation takes; a process that ended in between never comes back. */
function pauseOf({ life, chance }: DiskDeps): (operation: DiskOperation) => Promise<void> {
  return async (operation) => {
    const longest = PAUSE_MS[operation];
    if (longest === undefined) return life.guard(async () => {});
    await life.clock.sleep(chance.next() * longest);
  };
}

/** After these fail, the change may be there all the same. */
const MAY_SHOW_AFTER_FAILING: readonly DiskOperation[] = ['write', 'rename', 'link', 'remove'];

function createAppendHandle(
  path: string,
  inode: Inode,
  { medium, deps }: { readonly medium: Medium; readonly deps: DiskDeps },
): AppendHandle {
  const pause = pauseOf(deps);
  return {
    async append(data) {
      if (!deps.life.isAlive()) return new Promise(() => {});
      const fault = deps.fault('write', path);
      const written = fault === undefined ? data.length : deps.chance.between(0, data.length);
      append(inode, data.subarray(0, written));
      inode.modifiedAt = medium.now();
      medium.writes += 1;
      await pause('write');
      if (fault !== undefined) throw new DiskError('write', path, fault);
    },
    async sync() {
      if (!deps.life.isAlive()) return new Promise(() => {});
      const fault = deps.fault('sync', path);
      const reach = inode.bytes.length;
      const isEarly = deps.chance.happens(0.5);
      const settle = () => {
        if (!inode.isDoomed) inode.synced = Math.max(inode.synced, reach);
      };
      if (fault !== undefined) inode.isDoomed = true;
      else if (isEarly) settle();
      await pause('sync');
      if (fault !== undefined) throw new DiskError('sync', path, fault);
      if (!isEarly) settle();
    },
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

/** Nothing, a prefix, or a region of the right length with other content: the contract allows each. */
function tear(inode: Inode, chance: Chance): void {
  const kept = inode.bytes.slice(0, inode.synced);
  const lost = inode.bytes.slice(inode.synced);
  inode.isDoomed = false;
  if (lost.length === 0) return;
  const fate = chance.between(1, 4);
  const tail = fate === 1 ? lost.subarray(0, 0) : lost.subarray(0, chance.between(0, lost.length));
  if (fate === 3) tail.fill(0);
  if (fate === 4 && tail.length > 0) tail[chance.between(0, tail.length - 1)] = chance.between(0, 255);
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

/** Appends in place while there is room, and doubles the room when there is none: a long log costs what it holds. */
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
