/**
 * A file of lines, rotated by size, with a limited number of old files. Nothing is buffered, and a line
 * truncated by a crash never corrupts the next one. Data is made durable only on close.
 */

import type { AppendHandle, Disk } from './disk.ts';

export interface RotatingFileOptions {
  readonly disk: Disk;
  /** From the current file to the oldest; the last one is dropped when all are there. */
  readonly paths: readonly [string, ...string[]];
  /** A file that is as large as this is put aside before the next write. */
  readonly bytesMax: number;
  readonly mode: number;
}

/** One call at a time. */
export interface RotatingFile {
  /**
   * Rejects with a DiskError; then part of `lines` may be written, and the next call examines the file again.
   */
  append(lines: Uint8Array): Promise<void>;
  /** Makes everything durable. A later `append` opens the file again. */
  close(): Promise<void>;
}

const LINE_END = 0x0a;

export function createRotatingFile(options: RotatingFileOptions): RotatingFile {
  let open: OpenFile | undefined;

  async function write(lines: Uint8Array): Promise<void> {
    open ??= await openForLines(options);
    if (open.bytes >= options.bytesMax) {
      await open.handle.close();
      open = undefined;
      await putAside(options);
      open = await openForLines(options);
    }
    await open.handle.append(lines);
    open.bytes += lines.length;
  }

  return {
    async append(lines) {
      try {
        await write(lines);
      } catch (error) {
        const failed = open;
        open = undefined;
        // The failed write is reported; a failure to close adds nothing.
        await failed?.handle.close().catch(() => undefined);
        throw error;
      }
    },
    async close() {
      const closing = open;
      open = undefined;
      if (closing === undefined) return;
      try {
        await closing.handle.sync();
      } finally {
        await closing.handle.close();
      }
    },
  };
}

interface OpenFile {
  readonly handle: AppendHandle;
  bytes: number;
}

/** Opens the current file. A line truncated by a crash gets its line end. */
async function openForLines({ disk, paths: [current], mode }: RotatingFileOptions): Promise<OpenFile> {
  const end = await readEnd(disk, current);
  const handle = await disk.openAppend(current, { mode });
  try {
    if (end.isTorn) await handle.append(Uint8Array.of(LINE_END));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { handle, bytes: end.bytes };
}

async function readEnd(disk: Disk, path: string): Promise<{ bytes: number; isTorn: boolean }> {
  const found = await disk.openRead(path);
  if (found === undefined) return { bytes: 0, isTorn: false };
  try {
    if (found.bytes === 0) return { bytes: 0, isTorn: false };
    const [last] = await found.read(found.bytes - 1, 1);
    return { bytes: found.bytes, isTorn: last !== LINE_END };
  } finally {
    await found.close();
  }
}

/** Moves every file one step back, the oldest first. */
async function putAside({ disk, paths }: RotatingFileOptions): Promise<void> {
  for (let age = paths.length - 1; age > 0; age -= 1) {
    const [to, from] = [paths[age] ?? '', paths[age - 1] ?? ''];
    if ((await disk.stat(from)) !== undefined) await disk.rename(from, to);
  }
}
