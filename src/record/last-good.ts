/**
 * The last good configuration, beside the state: the texts of the operator's files go in and come out again after a restart
 * with broken ones. It knows nothing of what they mean, and what is damaged comes back as absent, never as half a configuration.
 */

import { join } from 'node:path';
import type { Disk } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';

export interface LastGoodOptions {
  readonly disk: Disk;
  /** The state directory; it exists when something is saved. */
  readonly dir: string;
  /** Told when the stored copy cannot be used; it is then treated as absent. */
  readonly onDamaged: (damage: { readonly file: string; readonly problem: string }) => void;
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
  /** Undefined when there is none or it is damaged. Rejects with a DiskError. */
  load(): Promise<StoredTexts | undefined>;
}

const FORMAT_VERSION = 1;
const FILE_MODE = 0o600;

interface StoredFile {
  readonly path: string;
  readonly text: string;
}

export function createLastGood({ disk, dir, onDamaged }: LastGoodOptions): LastGood {
  const path = join(dir, 'last-good.json');

  async function load(): Promise<StoredTexts | undefined> {
    const bytes = await disk.read(path);
    if (bytes === undefined) return undefined;
    const parsed = parseStored(Buffer.from(bytes).toString('utf8'));
    if (parsed.ok) return parsed.stored;
    onDamaged({ file: path, problem: parsed.problem });
    return undefined;
  }

  return {
    load,
    async save(texts) {
      const files = listFiles(texts);
      const digest = digestFiles(files);
      if ((await load())?.digest === digest) return;
      const document = { format_version: FORMAT_VERSION, digest, files };
      await disk.replace(path, Buffer.from(`${JSON.stringify(document)}\n`), { mode: FILE_MODE });
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
