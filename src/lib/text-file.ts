/** Reading small text files that others replace: a stamp to notice a change by, and the text. */
import { open, stat } from 'node:fs/promises';

/** Differs whenever the file was replaced, or rewritten with another size or at another time. */
export interface FileStamp {
  readonly inode: number;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Permission bits. */
  readonly mode: number;
}

export interface TextFiles {
  /** Rejects as `fs.stat` does. */
  stamp(path: string): Promise<FileStamp>;
  /** Reads at most `bytesMax` bytes as UTF-8. Rejects as `fs.open` does. */
  read(path: string, bytesMax: number): Promise<string>;
}

export const systemTextFiles: TextFiles = {
  async stamp(path) {
    const { ino, size, mtimeMs, mode } = await stat(path);
    return { inode: ino, bytes: size, modifiedMs: mtimeMs, mode: mode & 0o777 };
  },
  async read(path, bytesMax) {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytesMax), 0, bytesMax, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  },
};
