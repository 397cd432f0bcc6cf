/**
 * Reading files that somebody else owns and may change at any moment. What goes wrong comes back as a value,
 * because a missing or unreadable file is an expected answer here; nothing is ever written.
 */

import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';

/** Why there is no content. `code` is the system's errno name, where the system refused. */
export type ReadFailure =
  | { readonly reason: 'missing' | 'directory' | 'not_a_file' }
  | { readonly reason: 'too_large'; readonly bytes: number }
  | { readonly reason: 'refused'; readonly code: string };

export type ReadResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly failure: ReadFailure };

/** What tells one version of a file from another without reading it. */
export interface FileIdentity {
  /** The path with every symbolic link resolved. */
  readonly realPath: string;
  /** Device, inode, size, mtime and ctime in one text: different whenever the file was touched or swapped. */
  readonly stamp: string;
  /** Device and inode. */
  readonly node: string;
  readonly bytes: number;
  /** The permission bits, such as `0o600`. */
  readonly mode: number;
  /** Milliseconds since the epoch at which content or metadata last changed, by the file system's clock. */
  readonly changedAt: number;
}

export interface FileReader {
  /** The whole content of a regular file of at most `maxBytes`. Never rejects for what the file is. */
  read(path: string, maxBytes: number): Promise<ReadResult>;
  /** Sorted names with their kind, links followed; undefined when there is no such readable folder. */
  list(directory: string): Promise<readonly DirectoryEntry[] | undefined>;
  /**
   * Undefined when nothing is there, or nothing that may be looked at. Where the stamp is that of `before`,
   * an earlier answer for the same path, links are not followed again.
   */
  identify(path: string, before?: FileIdentity): Promise<FileIdentity | undefined>;
}

interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** The files of this host. */
export const hostFiles: FileReader = {
  read: readHostFile,
  list: listHostDirectory,
  identify: identifyHostFile,
};

async function readHostFile(path: string, maxBytes: number): Promise<ReadResult> {
  try {
    // O_NONBLOCK: opening a FIFO that nobody writes to must not hang; it is refused right after.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      if (info.isDirectory()) return { ok: false, failure: { reason: 'directory' } };
      if (!info.isFile()) return { ok: false, failure: { reason: 'not_a_file' } };
      if (info.size > maxBytes) return { ok: false, failure: { reason: 'too_large', bytes: info.size } };
      return { ok: true, bytes: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { ok: false, failure: explainFailure(codeOf(error)) };
  }
}

function explainFailure(code: string): ReadFailure {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { reason: 'missing' };
  if (code === 'EISDIR') return { reason: 'directory' };
  return { reason: 'refused', code };
}

async function listHostDirectory(directory: string): Promise<readonly DirectoryEntry[] | undefined> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const listed = entries.map(async (entry) => ({
      name: entry.name,
      isDirectory: entry.isSymbolicLink()
        ? await isDirectory(`${directory}/${entry.name}`)
        : entry.isDirectory(),
    }));
    return (await Promise.all(listed)).sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch (error) {
    codeOf(error);
    return undefined;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    codeOf(error);
    return false;
  }
}

async function identifyHostFile(path: string, before?: FileIdentity): Promise<FileIdentity | undefined> {
  try {
    const info = await stat(path, { bigint: true });
    const node = `${info.dev}:${info.ino}`;
    const stamp = `${node}:${info.size}:${info.mtimeNs}:${info.ctimeNs}`;
    if (stamp === before?.stamp) return before;
    return {
      realPath: await realpath(path),
      stamp,
      node,
      bytes: Number(info.size),
      mode: Number(info.mode & 0o777n),
      changedAt: Number(info.ctimeMs),
    };
  } catch (error) {
    codeOf(error);
    return undefined;
  }
}

/** The errno name of a system error; anything else is a bug and is thrown on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

/** Every folder exists, for an empty one leaves no text behind. `texts` may change between calls. */
export function createMemoryFiles(texts: ReadonlyMap<string, string | Uint8Array>): FileReader {
  return {
    async read(path, maxBytes) {
      const content = texts.get(path);
      if (content === undefined) return { ok: false, failure: { reason: 'missing' } };
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      if (bytes.length > maxBytes)
        return { ok: false, failure: { reason: 'too_large', bytes: bytes.length } };
      return { ok: true, bytes };
    },
    async list(directory) {
      const prefix = directory === '.' ? '' : `${directory}/`;
      const entries = new Map<string, DirectoryEntry>();
      for (const path of texts.keys()) {
        if (!path.startsWith(prefix)) continue;
        const [name = '', ...rest] = path.slice(prefix.length).split('/');
        entries.set(name, { name, isDirectory: rest.length > 0 });
      }
      return [...entries.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
    },
    async identify(path) {
      const content = texts.get(path);
      if (content === undefined) return undefined;
      const stamp = `${path} ${content.length}`;
      return { realPath: path, stamp, node: path, bytes: content.length, mode: 0o644, changedAt: 0 };
    },
  };
}
