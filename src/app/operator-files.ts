/**
 * Files that a person names on the command line. Relative names start at the working directory of the
 * process.
 */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DiskError } from '../lib/disk.ts';
import { message, verbatim } from '../messages/message.ts';
import type { Context } from './context.ts';
import { AppFailure } from './failure.ts';

type Place = Pick<Context, 'cwd'>;

export async function readTextFile(file: string, { cwd }: Place): Promise<string> {
  const name = path.resolve(cwd, file);
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    throw explainDisk('read', name, error);
  }
}

const SOURCE_BYTES_MAX = 16 * 1024 * 1024;

/** For code frames only: a file that went away meanwhile has none, and undefined is returned. */
export function readSourceText(file: string, { cwd }: Place): string | undefined {
  const name = path.resolve(cwd, file);
  try {
    // Reading a FIFO would wait for its writer; what is larger was not read as a configuration either.
    const found = statSync(name);
    return found.isFile() && found.size <= SOURCE_BYTES_MAX ? readFileSync(name, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a regular file; undefined where there is none, or something that is written to but holds nothing. */
export async function readFileIfAny(file: string, place: Place): Promise<string | undefined> {
  const found = statSync(path.resolve(place.cwd, file), { throwIfNoEntry: false });
  return found?.isFile() === true ? readTextFile(file, place) : undefined;
}

/** Writes or replaces a file that only its owner may read. */
export async function writeTextFile(file: string, text: string, { cwd }: Place): Promise<void> {
  const name = path.resolve(cwd, file);
  try {
    await writeFile(name, text, { mode: 0o600 });
  } catch (error) {
    throw explainDisk('write', name, error);
  }
}

/** Creates a file; one that exists is left alone, and is a failure. */
export async function createFile(
  file: string,
  content: string | Buffer,
  { mode, cwd }: Place & { readonly mode: number },
): Promise<void> {
  const name = path.resolve(cwd, file);
  try {
    const handle = await open(name, 'wx', mode);
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw explainDisk('write', name, error);
    throw new AppFailure('failed', message('app.file_exists', { file: name }), [
      message('app.file_exists_advice'),
    ]);
  }
}

export function fileExists(file: string, { cwd }: Place): boolean {
  return existsSync(path.resolve(cwd, file));
}

export function removeFile(file: string, { cwd }: Place): Promise<void> {
  return rm(path.resolve(cwd, file));
}

function explainDisk(operation: 'read' | 'write', file: string, error: unknown): AppFailure {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return new AppFailure('failed', verbatim(new DiskError(operation, file, code).message), [], error);
}
