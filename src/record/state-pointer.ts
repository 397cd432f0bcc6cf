/**
 * Where the state of a configuration file is, noted outside of that file and of the state: for a restart on a file that is broken or
 * gone.
 */

import { join } from 'node:path';
import { type Disk, DiskError } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';

export interface StatePointerOptions {
  readonly disk: Disk;
  /** Directories that may be written to, the best first. They are made where they are missing. */
  readonly places: readonly string[];
  /** The absolute path of the configuration file. */
  readonly file: string;
}

export interface StatePointer {
  /** Writes to the first place that takes it, and nothing where it is noted already. Rejects with a DiskError. */
  save(stateDir: string): Promise<void>;
  /** What is noted in the places, in their order. What cannot be read is nothing. */
  load(): Promise<readonly string[]>;
}

const FORMAT_VERSION = 1;
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

export function createStatePointer({ disk, places, file }: StatePointerOptions): StatePointer {
  const name = `state-dir-${sha256(file).slice(0, 16)}.json`;

  async function read(place: string): Promise<string | undefined> {
    const bytes = await disk.read(join(place, name)).catch(ignoreRefusal);
    return bytes === undefined ? undefined : parse(Buffer.from(bytes).toString('utf8'), file);
  }

  async function write(place: string, stateDir: string): Promise<void> {
    if ((await read(place)) === stateDir) return;
    await disk.makeDirectory(place, { mode: DIRECTORY_MODE });
    const document = { format_version: FORMAT_VERSION, file, state_dir: stateDir };
    await disk.replace(join(place, name), Buffer.from(`${JSON.stringify(document)}\n`), { mode: FILE_MODE });
  }

  return {
    async save(stateDir) {
      let refusal: unknown;
      for (const place of places) {
        try {
          return await write(place, stateDir);
        } catch (error) {
          refusal ??= error;
        }
      }
      if (refusal !== undefined) throw refusal;
    },
    async load() {
      const noted = await Promise.all(places.map(read));
      return noted.filter((dir) => dir !== undefined);
    },
  };
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof DiskError)) throw error;
  return undefined;
}

function parse(text: string, file: string): string | undefined {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const isOurs = value?.['format_version'] === FORMAT_VERSION && value['file'] === file;
    const dir = value?.['state_dir'];
    return isOurs && typeof dir === 'string' ? dir : undefined;
  } catch {
    return undefined;
  }
}
