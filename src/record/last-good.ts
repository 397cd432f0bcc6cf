/** The texts of the last good configuration, stored beside the state for a restart with invalid files. */

import { join } from 'node:path';
import type { Disk } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';

export interface LastGoodOptions {
  readonly disk: Disk;
  /** The state directory; it exists when something is saved. */
  readonly dir: string;
}

/** Why a stored copy cannot be used. */
interface LastGoodDamage {
  readonly file: string;
  readonly problem: string;
}

/** What is stored; neither part where there is nothing. */
interface LastGoodCopy {
  readonly stored?: StoredTexts;
  readonly damage?: LastGoodDamage;
}

/** Texts by path, the main file first. */
interface ConfigurationTexts {
  readonly files: readonly string[];
  readonly sources: ReadonlyMap<string, string>;
}

interface StoredTexts extends ConfigurationTexts {
  /** Hex SHA-256 over paths and texts. */
  readonly digest: string;
}

export interface LastGood {
  /** Atomic and durable; writes nothing when these texts are stored already. Rejects with a DiskError. */
  save(texts: ConfigurationTexts): Promise<void>;
  /** Never a part of a configuration. Rejects with a DiskError. */
  load(): Promise<LastGoodCopy>;
}

const FORMAT_VERSION = 1;
const FILE_MODE = 0o600;

interface StoredFile {
  readonly path: string;
  readonly text: string;
}

export function createLastGood({ disk, dir }: LastGoodOptions): LastGood {
  const path = join(dir, 'last-good.json');
  /** Of what is stored: undefined before it was read, null where nothing usable is. */
  let knownDigest: string | null | undefined;

  async function load(): Promise<LastGoodCopy> {
    const bytes = await disk.read(path);
    knownDigest = null;
    if (bytes === undefined) return {};
    const parsed = parseStored(Buffer.from(bytes).toString('utf8'));
    if (!parsed.ok) return { damage: { file: path, problem: parsed.problem } };
    knownDigest = parsed.stored.digest;
    return { stored: parsed.stored };
  }

  return {
    load,
    async save(texts) {
      const files = listFiles(texts);
      const digest = digestFiles(files);
      if (knownDigest === undefined) await load();
      if (knownDigest === digest) return;
      const document = { format_version: FORMAT_VERSION, digest, files };
      await disk.replace(path, Buffer.from(`${JSON.stringify(document)}\n`), { mode: FILE_MODE });
      knownDigest = digest;
    },
  };
}

/** Files that were looked for and are not there have no text and are left out. */
function listFiles({ files, sources }: ConfigurationTexts): readonly StoredFile[] {
  return files.flatMap((path) => {
    const text = sources.get(path);
    return text === undefined ? [] : [{ path, text }];
  });
}

/** JSON keeps the borders between paths and texts, which mere joining would blur. */
function digestFiles(files: readonly StoredFile[]): string {
  const canonical = JSON.stringify(files.map(({ path, text }) => [path, text]));
  return sha256(canonical);
}

type Parsed =
  | { readonly ok: true; readonly stored: StoredTexts }
  | { readonly ok: false; readonly problem: string };

function parseStored(text: string): Parsed {
  const value = parseJson(text) as {
    readonly format_version?: unknown;
    readonly digest?: unknown;
    readonly files?: unknown;
  } | null;
  if (value?.format_version !== FORMAT_VERSION) {
    return { ok: false, problem: `it is not a document of format version ${FORMAT_VERSION}` };
  }
  const { digest, files } = value;
  if (!isFileList(files) || digestFiles(files) !== digest) {
    return { ok: false, problem: 'its content does not match its digest' };
  }
  return {
    ok: true,
    stored: {
      digest,
      files: files.map((file) => file.path),
      sources: new Map(files.map((file) => [file.path, file.text])),
    },
  };
}

/** `null` for what is no JSON object; the caller says what is wrong with it. */
function parseJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function isFileList(value: unknown): value is readonly StoredFile[] {
  return Array.isArray(value) && value.length > 0 && value.every(isStoredFile);
}

function isStoredFile(value: unknown): value is StoredFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'text' in value &&
    typeof value.text === 'string'
  );
}
