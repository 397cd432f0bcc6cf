/**
 * Unix sockets, both ends. A server never replaces a socket that is in use, never gets wider permissions than
 * asked, and never binds a path that the kernel would truncate. The socket appears complete, in one step.
 */

import { lstat, rm } from 'node:fs/promises';
import { connect, type ListenOptions } from 'node:net';
import path from 'node:path';
import { createHttpClient } from './http-client.ts';
import { TransportError } from './http-transport.ts';
import { makeDirectories } from './make-directories.ts';

/** `sun_path` holds 108 bytes with the closing zero (unix(7)). */
const PATH_BYTES_MAX = 107;
const FOLDER_MODE = 0o750;

/** The path cannot be used; `message` names it and says why. */
export class SocketPathError extends Error {
  override readonly name = 'SocketPathError' as const;
}

export interface BoundServer {
  close(): Promise<void>;
  /** Lets the process end although it was not closed. */
  unref(): void;
}

export interface BoundSocket {
  /** `gone`: nothing is at the path any more; `other`: something that is not ours. */
  look(): Promise<'ours' | 'gone' | 'other'>;
  close(): Promise<void>;
  /** Stops listening where the socket is no longer at its path; requests under way are still answered. */
  giveUp(found: 'gone' | 'other'): void;
}

/**
 * Binds what `start` listens with to `socketPath`, with `mode` from the first instant. A socket that nobody answers on any more is
 * replaced; anything else at the path rejects with `SocketPathError`. `start` must begin to listen before it returns its promise.
 */
export async function bindUnixSocket(
  socketPath: string,
  mode: number,
  start: (listen: ListenOptions) => Promise<BoundServer>,
): Promise<BoundSocket> {
  if (Buffer.byteLength(socketPath) > PATH_BYTES_MAX) {
    throw new SocketPathError(`${socketPath} is too long for a socket: at most ${PATH_BYTES_MAX} bytes`);
  }
  await makeDirectories(path.dirname(path.resolve(socketPath)), FOLDER_MODE).catch(refusePath(socketPath));
  await refuseOccupied(socketPath);
  await rm(socketPath, { force: true }).catch(refusePath(socketPath));
  const server = await withUmask(0o777 & ~mode, () => start({ path: socketPath })).catch(
    refusePath(socketPath),
  );
  const { ino } = await lstat(socketPath);
  const look = async () => {
    const found = await inodeOf(socketPath);
    if (found === undefined) return 'gone';
    return found === ino ? 'ours' : 'other';
  };
  return {
    look,
    // To close is to unlink the path, and what was bound there meanwhile must stay.
    async close() {
      if ((await look()) === 'other') server.unref();
      else await server.close();
    },
    giveUp(found) {
      if (found === 'other') server.unref();
      else void server.close();
    },
  };
}

/** bind(2) gives a socket its mode by the umask alone. Nothing else of the process runs meanwhile. */
function withUmask<Result>(mask: number, work: () => Result): Result {
  const before = process.umask(mask);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

async function refuseOccupied(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(ignoreAbsence).catch(refusePath(socketPath));
  if (found === undefined) return;
  if (!found.isSocket()) throw new SocketPathError(`${socketPath} exists and is not a socket`);
  if (await isAnswered(socketPath)) throw new SocketPathError(`another process listens on ${socketPath}`);
}

/** Whether a process accepts connections on the socket. */
function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(socketPath);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      // A full backlog: somebody is there and busy.
      else if (error.code === 'EAGAIN') resolve(true);
      else reject(error);
    });
  });
}

async function inodeOf(socketPath: string): Promise<number | undefined> {
  return (await lstat(socketPath).catch(ignoreAbsence))?.ino;
}

function ignoreAbsence(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

/** A folder that cannot be made, or not looked into, is a wrong path and not a bug. */
function refusePath(socketPath: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new SocketPathError(`${socketPath} cannot be made here (${error.code})`, { cause: error });
  };
}

export interface SocketRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly language?: string;
}

export interface SocketAnswer {
  readonly status: number;
  readonly body: string;
}

/** A status document of 10,000 apps is shorter. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/**
 * One HTTP request to the listening process. Rejects with the system's error (`ENOENT`, `ECONNREFUSED`,
 * `EACCES`) or the signal's reason.
 */
export async function requestOverSocket(
  socketPath: string,
  { method, path: target, body, language }: SocketRequest,
  signal: AbortSignal,
): Promise<SocketAnswer> {
  const client = createHttpClient({ connectionsMax: 1, keepAlive: false, socketPath });
  try {
    const reply = await client.send(
      {
        method,
        url: `http://localhost${target}`,
        headers: {
          'content-type': 'application/json',
          ...(language === undefined ? {} : { 'accept-language': language }),
        },
        ...(body === undefined ? {} : { body }),
        timeoutMs: Number.POSITIVE_INFINITY,
        bodyBytesMax: ANSWER_BYTES_MAX,
      },
      signal,
    );
    return { status: reply.status, body: Buffer.from(reply.body).toString('utf8') };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof TransportError ? (error.cause ?? error) : error;
  } finally {
    client.close();
  }
}
