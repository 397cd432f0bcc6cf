/**
 * File access as an interface. It defines what is durable when, so that a real disk and a simulated one, which
 * tears writes and loses unsynced bytes, can both implement it. Nothing here knows what the files contain.
 */

/** What was being done to the path when the system refused. */
export type DiskOperation =
  | 'read'
  | 'write'
  | 'sync'
  | 'rename'
  | 'link'
  | 'list'
  | 'remove'
  | 'create'
  | 'make_directory'
  | 'stat';

/**
 * A file operation the system refused. `code` is the system's own: `ENOSPC` and `EDQUOT` (full), `EIO` (the
 * device failed), `EROFS` (read-only), `EACCES` and `EPERM` (not allowed), or another errno name.
 */
export class DiskError extends Error {
  override readonly name = 'DiskError' as const;
  readonly operation: DiskOperation;
  readonly path: string;
  readonly code: string;

  constructor(operation: DiskOperation, path: string, code: string, cause?: unknown) {
    super(`cannot ${operation.replace('_', ' ')} ${path}: ${explainCode(code)}`, { cause });
    this.operation = operation;
    this.path = path;
    this.code = code;
  }
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly bytes: number;
  /** The permission bits, such as `0o600`. */
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/**
 * A file that only grows. Bytes are durable when a `sync` that began after their `append` resolved. Before
 * that, a crash may leave any part of them: none, a prefix, or a region of their length with other content.
 * Bytes that were synced stay as they are. After a failed `append` or `sync` nothing is known about the bytes
 * since the last good `sync`: a later `sync` that succeeds proves nothing about them (the kernel reports a
 * write-back failure once and drops the pages), so close the file.
 */
export interface AppendHandle {
  /** Writes all of `data` at the end, or rejects with part of it written. One call at a time. */
  append(data: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  /** Whether the path still leads to this file: neither it nor a directory above it was removed, replaced or unmounted. */
  isInPlace(): Promise<boolean>;
  close(): Promise<void>;
}

/** One version of a file: what it reads does not change when the path is replaced or renamed meanwhile. */
export interface ReadHandle {
  /** Bytes when it was opened. */
  readonly bytes: number;
  /** Up to `length` bytes from `position`; fewer at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Paths are absolute. Every method rejects with a `DiskError`; absence is a value wherever it is an expected
 * answer. What is read or appended to is a regular file; a FIFO, a device or a socket is refused at once (`ENXIO`).
 */
export interface Disk {
  /** The whole content, or `undefined` when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  openRead(path: string): Promise<ReadHandle | undefined>;
  /**
   * Atomic and durable: after a crash at any instant the file holds the old content whole or the new content
   * whole, and once this resolved the new one. When it rejects, either may be there. The temporary file is
   * `<path>.tmp`; one call per path at a time.
   */
  replace(path: string, data: Uint8Array, options: { readonly mode: number }): Promise<void>;
  /**
   * Makes `to` hold what `from` holds, atomically and durably, without copying bytes where the file system
   * can. Later appends to `from` may show in `to`; a replaced `from` does not. One call per `to` at a time.
   */
  duplicate(from: string, to: string): Promise<void>;
  /**
   * Creates the file with its whole content, or answers `false` when the name is taken. Of several callers,
   * in any process, exactly one gets `true`, and no reader sees half of it where the file system has hard
   * links. Not durable: made for locks, which end with the machine. Leftovers of a crash are named
   * `<path>.<something>.tmp`.
   */
  createExclusive(path: string, data: Uint8Array, options: { readonly mode: number }): Promise<boolean>;
  /** Opens for appending; creates the file when it is absent, and then its name is durable on return. */
  openAppend(path: string, options: { readonly mode: number }): Promise<AppendHandle>;
  /** Atomic and durable. Replaces `to`. */
  rename(from: string, to: string): Promise<void>;
  /** Durable. `false` when there was no such file. */
  remove(path: string): Promise<boolean>;
  /** Names in the directory, sorted by code unit; `undefined` when there is no such directory. */
  list(directory: string): Promise<readonly string[] | undefined>;
  /**
   * Makes the directory and missing parents, durably. An existing one is left as it is, its permissions too.
   */
  makeDirectory(path: string, options: { readonly mode: number }): Promise<void>;
  stat(path: string): Promise<FileStat | undefined>;
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device reports an input/output error',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  ENOMEM: 'no memory is left',
  EMFILE: 'too many open files in this process',
  ENFILE: 'too many open files on this machine',
  ENAMETOOLONG: 'the name is too long',
  EBUSY: 'another process holds it',
  ELOOP: 'it is a symbolic link',
  ENXIO: 'it is not a regular file',
  ESTALE: 'it is not the file that was opened; its directory was removed, replaced or unmounted',
};

/** Exhausted resources and failing devices of the host; not a bug of the program that gets the error. */
const SHORTAGES = ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EDQUOT', 'EIO', 'EROFS'];

/** One line about a shortage that was met where nobody expected one; undefined for any other error. */
export function describeShortage(error: unknown): string | undefined {
  const { code = '', syscall, path } = error as Partial<NodeJS.ErrnoException>;
  if (!SHORTAGES.includes(code)) return undefined;
  const what = [syscall, path].filter((part) => part !== undefined).join(' ');
  return `${what === '' ? '' : `cannot ${what}: `}${explainCode(code)}`;
}

function explainCode(code: string): string {
  const explanation = EXPLANATIONS[code];
  return explanation === undefined ? code : `${explanation} (${code})`;
}
