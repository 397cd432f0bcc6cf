/** Makes a file that is not there yet; what is there is never touched. */

import { open } from 'node:fs/promises';
import { CommandFailure } from '../cli/command-failure.ts';
import { DiskError } from '../lib/disk.ts';

export async function createFile(file: string, content: string | Buffer, mode: number): Promise<void> {
  try {
    const handle = await open(file, 'wx', mode);
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new CommandFailure('failed', `${file} is there already`, [
        'it was left as it is; name another file',
      ]);
    }
    throw new CommandFailure('failed', new DiskError('write', file, code).message, [], error);
  }
}
