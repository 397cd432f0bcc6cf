/**
 * Processes of this host, as far as a lock must tell them apart: by /proc, and by a socket that a process
 * listens on.
 */

import { constants, readFileSync, readlinkSync, statSync } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DiskError } from './disk.ts';
import { sha256 } from './sha256.ts';

/**
 * Field 22 of /proc/PID/stat, counted after the command in parentheses: start time in clock ticks since boot
 * (proc(5)).
 */
const START_FIELD_AFTER_COMMAND = 19;
/**
 * Ended, and not yet collected by its parent (proc(5)): a container without an init keeps such entries for
 * ever.
 */
const ENDED_STATES = ['Z', 'X'];

/** This process and its neighbours. */
export function createProcessTable(pid: number) {
  const namespace = readNamespace();
  const machine = readMachine();
  return {
    pid,
    host: hostname(),
    ...(namespace === undefined ? {} : { namespace }),
    ...(machine === undefined ? {} : { machine }),
    folderOf: readFolder,
    startOf: readStart,
    sockets: presenceSockets,
  };
}

/** In which a pid means one process; undefined where it cannot be told (pid_namespaces(7)). */
function readNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/**
 * Another text on each machine; undefined where nothing tells, as in most containers. Hashed, because the id
 * itself is confidential (machine-id(5)).
 */
function readMachine(): string | undefined {
  const id = readText('/etc/machine-id')?.trim() ?? '';
  return /^[0-9a-f]{32}$/i.test(id) ? sha256(`callbackd ${id}`).slice(0, 16) : undefined;
}

/** A text that a copy of the folder does not have. */
function readFolder(path: string): string | undefined {
  try {
    return String(statSync(path, { bigint: true }).ino);
  } catch {
    return undefined;
  }
}

/** Another text after each boot of the host; undefined where nothing tells. A container has that of its host. */
export function readBootId(): string | undefined {
  return readText('/proc/sys/kernel/random/boot_id')?.trim();
}

/** A text that two processes with the same pid never share; undefined when no such process runs. */
function readStart(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat !== undefined) {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (ENDED_STATES.includes(fields[0] ?? '')) return undefined;
    const boot = readBootId() ?? '';
    return `${boot}/${fields[START_FIELD_AFTER_COMMAND] ?? ''}`;
  }
  return isRunning(pid) ? 'running' : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** For hosts without /proc. A process of another user answers EPERM, which means that it is there. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * `answers`: a process listens. `silent`: the socket is there, and no process of this kernel listens on it.
 * `absent`: there is no socket. `unknown`: it could not be asked.
 */
export type PresenceAnswer = 'answers' | 'silent' | 'absent' | 'unknown';

interface Presence {
  /** Removes the socket. */
  close(): Promise<void>;
}

/**
 * How a process shows that it lives: it listens on a Unix socket that anybody may ask, from any PID
 * namespace and container of the same kernel. It answers while the process is stopped, and is silent once
 * the process has ended.
 */
export interface PresenceSockets {
  /**
   * Listens on the socket `name` in `dir` until it is closed or the process ends; keeps no process running.
   * Undefined where sockets cannot be made. Rejects with a `DiskError`.
   */
  announce(dir: string, name: string): Promise<Presence | undefined>;
  /** Never rejects. */
  ask(dir: string, name: string): Promise<PresenceAnswer>;
}

/**
 * Refusals that mean "this file system has no sockets" (vfat, some network and shared folders), see mknod(2),
 * bind(2).
 */
const NO_SOCKETS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];
/** `sun_path` holds 108 bytes with the closing zero (unix(7)); 104 elsewhere. */
const PATH_BYTES_MAX = 103;

/** Sockets of the machine this process runs on. */
export const presenceSockets: PresenceSockets = { announce: announcePresence, ask: askPresence };

async function announcePresence(dir: string, name: string): Promise<Presence | undefined> {
  const folder = await openFolder(dir);
  if (folder === undefined) return undefined;
  // A successful connection is the whole answer.
  const server = createServer((socket) => void socket.on('error', () => {}).destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path: join(folder.path, name) }, resolve);
    });
  } catch (error) {
    await folder.close();
    const code = codeOf(error);
    if (NO_SOCKETS.includes(code)) return undefined;
    throw new DiskError('create', join(dir, name), code, error);
  }
  server.on('error', () => {});
  server.unref();
  return {
    async close() {
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await folder.close();
    },
  };
}

async function askPresence(dir: string, name: string): Promise<PresenceAnswer> {
  const folder = await openFolder(dir).catch(() => undefined);
  if (folder === undefined) return 'unknown';
  try {
    return await new Promise<PresenceAnswer>((resolve) => {
      const probe = connect({ path: join(folder.path, name) });
      probe.once('connect', () => {
        probe.destroy();
        resolve('answers');
      });
      probe.once('error', (error) => {
        const code = codeOf(error);
        // EAGAIN is a full backlog: somebody is there, busy or stopped.
        if (code === 'ECONNREFUSED') resolve('silent');
        else if (code === 'ENOENT') resolve('absent');
        else resolve(code === 'EAGAIN' ? 'answers' : 'unknown');
      });
      probe.once('close', () => resolve('unknown'));
    }).finally(() => folder.close());
  } catch {
    return 'unknown';
  }
}

/**
 * A path of the directory that is short enough for a socket in it: through its descriptor where there is
 * /proc. Undefined where there is none. Rejects with a `DiskError`.
 */
async function openFolder(
  dir: string,
): Promise<{ readonly path: string; close(): Promise<void> } | undefined> {
  const handle = await open(dir, constants.O_RDONLY | constants.O_DIRECTORY).catch((error: unknown) => {
    throw new DiskError('list', dir, codeOf(error), error);
  });
  const short = `/proc/self/fd/${handle.fd}`;
  const close = () => handle.close();
  const hasDescriptors = await access(short).then(
    () => true,
    () => false,
  );
  if (hasDescriptors) return { path: short, close };
  await close();
  const isShort = Buffer.byteLength(join(dir, SAMPLE_NAME)) <= PATH_BYTES_MAX;
  return isShort ? { path: dir, close: async () => {} } : undefined;
}

/** As long as a name in use gets. */
const SAMPLE_NAME = 'lock.4194304-00000000.sock';

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'EUNKNOWN';
}
