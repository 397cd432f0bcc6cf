/**
 * A directory with its missing parents, made one by one: Node's own recursive `mkdir` goes round for ever where a directory
 * refuses new names with ENOENT, as /proc does.
 */

import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The directories that it made, the outermost first; what is there is left as it is. `path` is absolute. Rejects with the system's
 * error; ENOTDIR where something else is in the way.
 */
export async function makeDirectories(path: string, mode: number): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let above = path; !(await isDirectory(above)); above = dirname(above)) missing.unshift(above);
  const made: string[] = [];
  for (const directory of missing) if (await makeOne(directory, mode)) made.push(directory);
  return made;
}

/** False where somebody else made it meanwhile. */
async function makeOne(directory: string, mode: number): Promise<boolean> {
  try {
    await mkdir(directory, { mode });
    return true;
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await isDirectory(directory));
    if (!isThere) throw error;
    return false;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is not a directory`), { code: 'ENOTDIR' });
}
