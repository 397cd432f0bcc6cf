/**
 * The real disk: Node's file system calls arranged so that each keeps the contract of `disk.ts`. It adds the
 * syncs that make names and contents durable, and turns every refusal into a `DiskError`. It retries nothing.
 */

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import os from 'node:os';
import { dirname } from 'node:path';
import { type AppendHandle, type Disk, DiskError, type DiskOperation, type ReadHandle } from './disk.ts';
import { makeDirectories } from './make-directories.ts';

/** Refusals that mean "this file system has no hard links" (link(2)). */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;

/** Files of the machine this process runs on. */
export const nodeDisk: Disk = {
  read: (path) => absentAsUndefined(readWhole(path)),
  openRead: (path) => absentAsUndefined(openForReading(path)),
  replace: (path, data, { mode }) => replaceFile(path, data, mode),
  duplicate: duplicateFile,
  createExclusive: (path, data, { mode }) => createExclusive(path, data, mode),
  openAppend: (path, { mode }) => openForAppending(path, mode),
  rename: async (from, to) => {
    await guard('rename', to, () => rename(from, to));
    await syncDirectory(dirname(to));
    if (dirname(from) !== dirname(to)) await syncDirectory(dirname(from));
  },
  remove: async (path) => {
    if (!(await removeIfThere(path))) return false;
    await syncDirectory(dirname(path));
    return true;
  },
  list: async (directory) => {
    const names = await absentAsUndefined(guard('list', directory, () => readdir(directory)));
    return names?.sort();
  },
  makeDirectory: (path, { mode }) => makeDirectory(path, mode),
  stat: async (path) => {
    const found = await absentAsUndefined(guard('stat', path, () => lstat(path)));
    if (found === undefined) return undefined;
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
    return { kind, bytes: found.size, mode: found.mode & 0o7777, modifiedAt: found.mtimeMs };
  },
};

async function replaceFile(path: string, data: Uint8Array, mode: number): Promise<void> {
  const temporary = `${path}.tmp`;
  await removeIfThere(temporary);
  try {
    await writeNewFile(temporary, data, mode);
    await guard('rename', path, () => rename(temporary, path));
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function writeNewFile(path: string, data: Uint8Array, mode: number): Promise<void> {
  const file = await guard('create', path, () => open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode));
  try {
    await writeAll(file, path, data);
    await guard('sync', path, () => file.sync());
  } finally {
    await guard('write', path, () => file.close());
  }
}

async function duplicateFile(from: string, to: string): Promise<void> {
  const temporary = `${to}.tmp`;
  await removeIfThere(temporary);
  try {
    await guard('link', to, () => link(from, temporary));
  } catch (error) {
    if (!(error instanceof DiskError && NO_LINKS.includes(error.code))) throw error;
    const { mode } = await guard('stat', from, () => lstat(from));
    await replaceFile(to, await readWhole(from), mode & 0o7777);
    return;
  }
  await guard('rename', to, () => rename(temporary, to));
  // rename(2) does nothing when both names already are the same file, and leaves the first name there.
  await removeIfThere(temporary);
  await syncDirectory(dirname(to));
}

async function createExclusive(path: string, data: Uint8Array, mode: number): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeNewFile(temporary, data, mode);
    await guard('link', path, () => link(temporary, path));
    return true;
  } catch (error) {
    if (!(error instanceof DiskError) || error.operation !== 'link') throw error;
    if (error.code === 'EEXIST') return false;
    if (!NO_LINKS.includes(error.code)) throw error;
    return createInPlace(path, data, mode);
  } finally {
    await removeQuietly(temporary);
  }
}

/** Without hard links the name comes first and the content right after. */
async function createInPlace(path: string, data: Uint8Array, mode: number): Promise<boolean> {
  try {
    await writeNewFile(path, data, mode);
    return true;
  } catch (error) {
    if (error instanceof DiskError && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function openForAppending(path: string, mode: number): Promise<AppendHandle> {
  const isNew = (await absentAsUndefined(guard('stat', path, () => lstat(path)))) === undefined;
  const file = await openRegular('create', path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode);
  if (isNew) await syncDirectory(dirname(path));
  return {
    append: (data) => writeAll(file, path, data),
    sync: () => guard('sync', path, () => file.datasync()),
    isInPlace: () => isAtPath(file, path),
    close: () => guard('write', path, () => file.close()),
  };
}

async function openForReading(path: string): Promise<ReadHandle> {
  const file = await openRegular('read', path, O_RDONLY);
  const { size } = await guard('stat', path, () => file.stat());
  return {
    bytes: size,
    read: async (position, length) => {
      const buffer = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await guard('read', path, () =>
          file.read(buffer, filled, length - filled, position + filled),
        );
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    close: () => guard('read', path, () => file.close()),
  };
}

/** A FIFO is not waited for, and nothing is read from a device that never ends. */
async function openRegular(
  operation: DiskOperation,
  path: string,
  flags: number,
  mode?: number,
): Promise<FileHandle> {
  const file = await guard(operation, path, () => open(path, flags | O_NONBLOCK | O_NOCTTY, mode));
  const found = await guard('stat', path, () => file.stat());
  if (found.isFile()) return file;
  await file.close();
  throw new DiskError(operation, path, found.isDirectory() ? 'EISDIR' : 'ENXIO');
}

async function readWhole(path: string): Promise<Uint8Array> {
  const file = await openRegular('read', path, O_RDONLY);
  try {
    return await guard('read', path, () => file.readFile());
  } finally {
    await guard('read', path, () => file.close());
  }
}

async function isAtPath(file: FileHandle, path: string): Promise<boolean> {
  const [opened, found] = await Promise.all([
    guard('stat', path, () => file.stat({ bigint: true })),
    absentAsUndefined(guard('stat', path, () => lstat(path, { bigint: true }))),
  ]);
  return opened.ino === found?.ino && opened.dev === found.dev;
}

/** write(2) may take less than it was given, as on a file system that is nearly full. */
async function writeAll(file: FileHandle, path: string, data: Uint8Array): Promise<void> {
  let written = 0;
  while (written < data.length) {
    const { bytesWritten } = await guard('write', path, () =>
      file.write(data, written, data.length - written),
    );
    written += bytesWritten;
  }
}

async function makeDirectory(path: string, mode: number): Promise<void> {
  const made = await guard('make_directory', path, () => makeDirectories(path, mode));
  for (const directory of made) await syncDirectory(dirname(directory));
}

/**
 * Makes the names in a directory durable. Some file systems know no such thing and answer EINVAL (fsync(2)).
 */
async function syncDirectory(path: string): Promise<void> {
  const directory = await guard('sync', path, () => open(path, 'r'));
  try {
    await guard('sync', path, () => directory.sync());
  } catch (error) {
    if (!(error instanceof DiskError && error.code === 'EINVAL')) throw error;
  } finally {
    await guard('sync', path, () => directory.close());
  }
}

async function removeIfThere(path: string): Promise<boolean> {
  try {
    await guard('remove', path, () => unlink(path));
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/**
 * For cleaning up before an earlier failure is thrown: that failure matters more, and `replace` removes
 * leftovers anyway.
 */
async function removeQuietly(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

async function guard<Value>(
  operation: DiskOperation,
  path: string,
  run: () => Promise<Value>,
): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw new DiskError(operation, path, codeOf(error), error);
  }
}

async function absentAsUndefined<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof DiskError && error.code === 'ENOENT';
}

/** libuv has no name for some errors of the system, such as EDQUOT. */
function codeOf(error: unknown): string {
  const { code, errno } = error as Partial<NodeJS.ErrnoException>;
  const isNamed = typeof code === 'string' && /^E[A-Z0-9]+$/.test(code);
  const named = Object.entries(os.constants.errno).find(([, number]) => number === Math.abs(errno ?? 0));
  return isNamed ? code : (named?.[0] ?? 'EUNKNOWN');
}
