/**
 * Where receivers find the verify_token of their app: one 0600 file per key. A keyed fingerprint tells later
 * whether the file still holds it. What looks like a mask is never written.
 */

import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { type Disk, DiskError } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';
import { type Message, message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { AppKey } from '../model/identity.ts';
import type { Secret } from '../model/secret.ts';

export interface TokenSinkOptions {
  readonly disk: Disk;
  /** The operator's folder for the tokens; made with mode 0700 when it is missing. */
  readonly dir: string;
  /** Where the key of the fingerprints is kept. */
  readonly stateDir: string;
  readonly randomBytes: (size: number) => Uint8Array;
}

/**
 * Satisfies the `TokenSink` of apply/. Everything but `TokenRefusedError` that it rejects with is a
 * `DiskError`.
 */
export interface FileTokenSink {
  /** Writes the bare token, without a line end, and resolves with its fingerprint once it is durable. */
  deliver(key: AppKey, token: Secret, as?: 'next'): Promise<string>;
  /**
   * `KEY` becomes `KEY.previous` and `KEY.next`, which has this fingerprint, becomes `KEY`. Each step may be
   * repeated after a crash: what is in `KEY` tells how far it got.
   */
  promote(key: AppKey, fingerprint: string): Promise<void>;
  /** Removes `KEY.previous`. Absence is fine. */
  retire(key: AppKey): Promise<void>;
  /** Removes all that the key has. Absence is fine. */
  remove(key: AppKey): Promise<void>;
  /**
   * The keys whose file does not hold what was delivered, by fingerprint. The folder may be on a file system
   * that a reboot empties. A file that cannot be read counts as lost: the delivery that follows says why.
   */
  findLost(
    delivered: ReadonlyMap<AppKey, string>,
    /** Keys whose token was delivered as the next one; it may have been promoted since. */
    asNext?: ReadonlySet<AppKey>,
  ): Promise<readonly AppKey[]>;
}

/** The token is of no use to a receiver: the platform masked it, or it is empty. Nothing was written. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError' as const;
  readonly key: AppKey;
  readonly explanation: Message;

  constructor(key: AppKey, explanation = message('state.token_refused', { key }) as Message) {
    super(say(explanation));
    this.key = key;
    this.explanation = explanation;
  }
}

const FINGERPRINT_KEY_FILE = 'token-fingerprint.key';
/** As long as the output of SHA-256, as RFC 2104 advises. */
const FINGERPRINT_KEY_BYTES = 32;
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
/** File systems take 255 bytes, of which `Disk.replace` needs four for `.tmp`. */
const NAME_BYTES_MAX = 200;
/** Files that are open at once while all are checked. */
const READS_AT_ONCE = 16;

export function createTokenSink(options: TokenSinkOptions): FileTokenSink {
  const { disk, dir } = options;
  const fingerprintKey = { bytes: undefined as Uint8Array | undefined };
  let last: Promise<unknown> = Promise.resolve();
  /**
   * One after the other: two writes of one path at a time are not allowed. A failure does not stop what
   * follows.
   */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };

  const place = (key: AppKey, as?: 'next' | 'previous') =>
    join(dir, formatTokenFileName(key) + (as === undefined ? '' : `.${as}`));

  async function deliver(key: AppKey, token: Secret, as?: 'next'): Promise<string> {
    const text = token.reveal();
    if (token.isMasked || text.trim() === '' || text.includes('*')) throw new TokenRefusedError(key);
    fingerprintKey.bytes ??= await obtainFingerprintKey(options);
    await disk.makeDirectory(dir, { mode: DIRECTORY_MODE });
    await disk.replace(place(key, as), Buffer.from(text), { mode: FILE_MODE });
    return fingerprint(fingerprintKey.bytes, text);
  }

  async function promote(key: AppKey, expected: string): Promise<void> {
    const secret = fingerprintKey.bytes ?? (await readFingerprintKey(options));
    const holds = (bytes: Uint8Array | undefined): bytes is Uint8Array =>
      bytes !== undefined && secret !== undefined && fingerprint(secret, bytes) === expected;
    const files = { current: place(key), next: place(key, 'next'), previous: place(key, 'previous') };
    if (await exchange(disk, files, holds)) return;
    throw new TokenRefusedError(key, message('state.token_next_lost', { key }));
  }

  async function findLost(
    delivered: ReadonlyMap<AppKey, string>,
    asNext: ReadonlySet<AppKey> = new Set(),
  ): Promise<readonly AppKey[]> {
    if (delivered.size === 0) return [];
    const key = fingerprintKey.bytes ?? (await readFingerprintKey(options));
    if (key === undefined) return [...delivered.keys()];
    const lost = new Set<AppKey>();
    const queue = delivered.entries();
    const check = async () => {
      for (const [appKey, expected] of queue) {
        const places = [place(appKey), ...(asNext.has(appKey) ? [place(appKey, 'next')] : [])];
        const found = await Promise.all(places.map((path) => readIfPossible(disk, path)));
        const isThere = found.some((bytes) => bytes !== undefined && fingerprint(key, bytes) === expected);
        if (!isThere) lost.add(appKey);
      }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, check));
    return [...delivered.keys()].filter((appKey) => lost.has(appKey));
  }

  return {
    deliver: (key, token, as) => inTurn(() => deliver(key, token, as)),
    promote: (key, expected) => inTurn(() => promote(key, expected)),
    retire: (key) => inTurn(async () => void (await disk.remove(place(key, 'previous')))),
    remove: (key) =>
      inTurn(async () => {
        for (const as of [undefined, 'next', 'previous'] as const) await disk.remove(place(key, as));
      }),
    findLost: (delivered, asNext) => inTurn(() => findLost(delivered, asNext)),
  };
}

/** Each step may be repeated: what the current file holds tells how far it got. False where there is no next token. */
async function exchange(
  disk: Disk,
  files: { readonly current: string; readonly next: string; readonly previous: string },
  holds: (bytes: Uint8Array | undefined) => bytes is Uint8Array,
): Promise<boolean> {
  const current = await disk.read(files.current);
  if (!holds(current)) {
    const next = await disk.read(files.next);
    if (!holds(next)) return false;
    if (current !== undefined) await disk.replace(files.previous, current, { mode: FILE_MODE });
    await disk.replace(files.current, next, { mode: FILE_MODE });
  }
  await disk.remove(files.next);
  return true;
}

/**
 * The file name of a key: the key itself where it is made of letters, digits, `-`, `_` and inner dots, else
 * with the other bytes as `%XX`. Different keys have different names, none leaves the folder, and none is
 * another one's temporary, next or previous file.
 */
export function formatTokenFileName(key: AppKey): string {
  const encoded = [...Buffer.from(key)].map(encodeByte).join('');
  const name = encoded.replace(/^\./, '%2E').replace(/\.(tmp|next|previous)$/, '%2E$1');
  if (name !== '' && name.length <= NAME_BYTES_MAX) return name;
  // A single `%` is no escape, so the name of a long key cannot be that of a short one.
  return `%${sha256(key)}`;
}

function encodeByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (/[A-Za-z0-9._-]/.test(char)) return char;
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function fingerprint(key: Uint8Array, token: string | Uint8Array): string {
  return createHmac('sha256', key).update(token).digest('hex');
}

async function readIfPossible(disk: Disk, path: string): Promise<Uint8Array | undefined> {
  try {
    return await disk.read(path);
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}

/** Undefined where there is none that is whole; no fingerprint can be compared then. */
async function readFingerprintKey({ disk, stateDir }: TokenSinkOptions): Promise<Uint8Array | undefined> {
  const found = await disk.read(join(stateDir, FINGERPRINT_KEY_FILE));
  return found?.length === FINGERPRINT_KEY_BYTES ? found : undefined;
}

/**
 * Made once and durably. One that is not whole is replaced: fingerprints then change, which costs a delivery
 * each.
 */
async function obtainFingerprintKey(options: TokenSinkOptions): Promise<Uint8Array> {
  const { disk, stateDir, randomBytes } = options;
  const found = await readFingerprintKey(options);
  if (found !== undefined) return found;
  const made = randomBytes(FINGERPRINT_KEY_BYTES);
  await disk.makeDirectory(stateDir, { mode: DIRECTORY_MODE });
  await disk.replace(join(stateDir, FINGERPRINT_KEY_FILE), made, { mode: FILE_MODE });
  return made;
}
