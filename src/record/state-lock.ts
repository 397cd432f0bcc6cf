/**
 * One writer per state directory. Every process that wants to write listens on a socket in it, puts down a
 * lock file under a name that no other process ever uses, then looks who else is there: whoever finds a
 * living one steps back. Whether a holder lives is asked over its socket, which holds across PID namespaces
 * and while it is stopped. So no living lock is ever removed by somebody else, and a holder that is gone
 * (kill -9, a reboot, its pid reused) is simply cleared away. Made for local file systems, where a name that
 * was created is seen by the next listing.
 */

import { join } from 'node:path';
import type { Disk } from '../lib/disk.ts';
import type { PresenceAnswer, PresenceSockets } from '../lib/process-table.ts';
import { sha256 } from '../lib/sha256.ts';
import { message } from '../messages/message.ts';
import { StateLockedError } from './state-errors.ts';

/** What is known about processes, and how this one shows that it is running. */
export interface ProcessTable {
  readonly pid: number;
  /** The machine or container. */
  readonly host: string;
  /** In which pids are unique; absent where unknown. */
  readonly namespace?: string;
  /** Another one on each machine; absent where unknown. */
  readonly machine?: string;
  /** What tells a folder from a copy of it; undefined where nothing does. */
  readonly folderOf?: (path: string) => string | undefined;
  /**
   * A text that two processes with the same pid never share: the boot, a slash, the start time; undefined
   * when no such process runs in this PID namespace.
   */
  startOf(pid: number): string | undefined;
  /** Absent where there are no sockets: a holder is judged by its pid alone. */
  readonly sockets?: PresenceSockets;
}

export interface StateLock {
  readonly file: string;
  /** Whether lock and socket are still at their path; true without a look where there are no sockets. Rejects with a `DiskError`. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly disk: Disk;
  /** The state directory; it exists. */
  readonly dir: string;
  readonly process: ProcessTable;
}

interface Identity {
  readonly pid: number;
  readonly host: string;
  /**
   * Absent when the file does not tell it: its writer died while writing on a file system without hard links.
   */
  readonly start: string | undefined;
  /** These are absent where unknown, and in files of earlier versions. */
  readonly namespace?: string;
  readonly machine?: string;
  readonly folder?: string;
}

/** `copied`: it held the directory that this one is a copy of, on another machine. */
type Verdict = 'lives' | 'gone' | 'unknown' | 'copied';

const ADVICE = { unknown: 'state.remove_lock', copied: 'state.copied' } as const;

interface Holder extends Identity {
  readonly file: string;
  readonly verdict: Verdict;
  /** The file does not have its name yet, so its writer has not looked around yet and will see us. */
  readonly isUnnamed: boolean;
}

/** With the leftovers of a crash between writing a lock file and giving it its name. */
const LOCK_NAME = /^(lock\.(\d+)-[0-9a-f]{8})(\.[0-9a-f-]+\.tmp)?$/;
const SOCKET_NAME = /^(lock\.\d+-[0-9a-f]{8})\.sock$/;
const SOCKET_SUFFIX = '.sock';
const MODE = { mode: 0o600 } as const;
/**
 * Of two that come at the same instant, the one whose name sorts first stays and looks again, until the other
 * has stepped back. A look takes a fraction of a millisecond; stepping back takes a few.
 */
const LOOKS_MAX = 200;

/** Rejects with `StateLockedError` when a living process holds the directory, or with a `DiskError`. */
export async function takeStateLock(options: LockOptions): Promise<StateLock> {
  const { disk, dir, process: processes } = options;
  const self = describeSelf(processes, dir);
  const name = nameOf(self);
  const file = join(dir, name);
  const isTaken = new StateLockedError({ ...self, file }, message('state.locked_by_itself'));
  const socket = name + SOCKET_SUFFIX;
  if ((await ask(socket, options)) === 'answers') throw isTaken;
  // The socket first: any process that sees the lock can query it.
  const presence = await processes.sockets?.announce(dir, socket);
  const release = async () => {
    try {
      await disk.remove(file);
    } finally {
      await presence?.close();
    }
  };
  const isHeld = async () => {
    if (processes.sockets === undefined) return true;
    if ((await disk.stat(file)) === undefined) return false;
    if (presence === undefined) return true;
    const answer = await ask(socket, options);
    return answer === 'answers' || answer === 'unknown';
  };
  try {
    const content = Buffer.from(`${JSON.stringify(self)}\n`);
    if (!(await disk.createExclusive(file, content, MODE))) throw isTaken;
  } catch (error) {
    await presence?.close();
    throw error;
  }
  try {
    await waitUntilAlone(name, options);
    // Somebody who held the lock a moment ago may have taken the socket for a leftover, before the lock was
    // there.
    if (presence !== undefined && !(await isHeld()))
      throw new StateLockedError({ ...self, file }, message('state.lock_lost'));
    return { file, isHeld, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Who holds the directory, and whether there is anything of processes that are gone. For whoever only looks.
 */
export async function inspectStateLock(
  options: LockOptions,
): Promise<{ readonly living: readonly Identity[]; readonly hasLeftovers: boolean }> {
  const { holders } = await listHolders(options);
  const living = holders.filter((holder) => holder.verdict !== 'gone' && !holder.isUnnamed);
  return { living, hasLeftovers: holders.length > living.length };
}

async function waitUntilAlone(name: string, options: LockOptions): Promise<void> {
  const { disk, dir } = options;
  for (let look = 1; ; look += 1) {
    const { holders, sockets } = await listHolders(options);
    const others = holders.filter((other) => other.file !== join(dir, name));
    // A process that cannot be checked counts as running.
    const [first] = others.filter((other) => other.verdict !== 'gone' && !other.isUnnamed);
    if (first === undefined) {
      for (const other of others) if (other.verdict === 'gone') await disk.remove(other.file);
      for (const socket of sockets)
        if ((await ask(socket, options)) === 'silent') await disk.remove(join(dir, socket));
      return;
    }
    const staysFirst = join(dir, name) < first.file;
    if (staysFirst && look < LOOKS_MAX) continue;
    const { file, verdict } = first;
    const isTold = verdict === 'unknown' || verdict === 'copied';
    throw new StateLockedError(first, isTold ? message(ADVICE[verdict], { file }) : undefined);
  }
}

/** In the order of their names. */
async function listHolders(options: LockOptions): Promise<{
  readonly holders: readonly Holder[];
  readonly sockets: readonly string[];
}> {
  const { disk, dir, process: processes } = options;
  const names = (await disk.list(dir)) ?? [];
  const holders: Holder[] = [];
  for (const name of names) {
    const [, lock = '', pid, unnamed] = LOCK_NAME.exec(name) ?? [];
    if (pid === undefined) continue;
    const file = join(dir, name);
    const bytes = await disk.read(file);
    if (bytes === undefined) continue;
    const told = parseIdentity(bytes) ?? { host: processes.host, start: undefined };
    const identity = { pid: Number(pid), ...told };
    const verdict = await judge(identity, lock + SOCKET_SUFFIX, options);
    holders.push({ ...identity, file, verdict, isUnnamed: unnamed !== undefined });
  }
  return { holders, sockets: names.filter((name) => SOCKET_NAME.test(name)) };
}

function parseIdentity(bytes: Uint8Array): Omit<Identity, 'pid'> | undefined {
  try {
    const told = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Identity>;
    const { host, start } = told;
    if (typeof host !== 'string' || typeof start !== 'string') return undefined;
    const others = (['namespace', 'machine', 'folder'] as const).filter(
      (name) => typeof told[name] === 'string',
    );
    return { host, start, ...Object.fromEntries(others.map((name) => [name, told[name]])) };
  } catch {
    return undefined;
  }
}

/**
 * The socket decides wherever it can. Unknown is a holder elsewhere whose socket is not there. A machine or
 * container of our own name under another boot was this one before a reboot, or a container that was moved;
 * one that lives on all the same notices that its lock is gone (`isHeld`).
 */
async function judge(holder: Identity, socket: string, options: LockOptions): Promise<Verdict> {
  const { process: processes } = options;
  const answer = await ask(socket, options);
  if (answer === 'answers') return 'lives';
  if (answer === 'unknown') return 'unknown';
  const [boot, here] = [bootOf(holder.start), bootOf(processes.startOf(processes.pid))];
  const isKnown = boot !== undefined && here !== undefined;
  if (isOfAnotherMachine(holder, options) && !(boot === here && isOfThisFolder(holder, options))) {
    return 'copied';
  }
  if (isKnown && boot === here && answer === 'silent') return 'gone';
  if (holder.host !== processes.host) return 'unknown';
  if (isKnown && boot !== here) return 'gone';
  const { namespace } = holder;
  if (namespace !== undefined && namespace !== processes.namespace) return 'unknown';
  const start = processes.startOf(holder.pid);
  if (start === undefined) return 'gone';
  if (holder.start === undefined) return 'unknown';
  return start === holder.start ? 'lives' : 'gone';
}

function isOfAnotherMachine({ machine }: Identity, { process: { machine: here } }: LockOptions): boolean {
  return machine !== undefined && here !== undefined && machine !== here;
}

function isOfThisFolder({ folder }: Identity, { dir, process: processes }: LockOptions): boolean {
  return folder !== undefined && folder === processes.folderOf?.(dir);
}

async function ask(socket: string, { dir, process: { sockets } }: LockOptions): Promise<PresenceAnswer> {
  return sockets === undefined ? 'absent' : sockets.ask(dir, socket);
}

function bootOf(start: string | undefined): string | undefined {
  const [boot, time] = start?.split('/') ?? [];
  return time === undefined || boot === '' ? undefined : boot;
}

function describeSelf(
  { pid, host, namespace, machine, startOf, folderOf }: ProcessTable,
  dir: string,
): Identity {
  const folder = machine === undefined ? undefined : folderOf?.(dir);
  return {
    ...{ pid, host, start: startOf(pid) ?? '' },
    ...(namespace === undefined ? {} : { namespace }),
    ...(machine === undefined ? {} : { machine }),
    ...(folder === undefined ? {} : { folder }),
  };
}

function nameOf({ pid, host, start, namespace }: Identity): string {
  const tag = sha256([host, start, ...(namespace === undefined ? [] : [namespace])].join('\n')).slice(0, 8);
  return `lock.${pid}-${tag}`;
}
