/**
 * Where receivers find the verify_token of their app: a key and a secret go in, one 0600 file per key holds it, and a keyed
 * fingerprint comes out. It never writes what looks like a mask and never removes a file that it did not deliver.
 */

import { createHash, createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from '../lib/disk.ts';
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

/** Satisfies the `TokenSink` of apply/. Everything but `TokenRefusedError` that it rejects with is a `DiskError`. */
export interface FileTokenSink {
  /** Writes the bare token, without a line end, and resolves with its fingerprint once it is durable. */
  deliver(key: AppKey, token: Secret): Promise<string>;
  /** Absence is fine. */
  remove(key: AppKey): Promise<void>;
  /** Removes what was delivered for any other key; resolves with the names of those files. */
  removeOthers(keys: Iterable<AppKey>): Promise<readonly string[]>;
}

/** The token is of no use to a receiver: the platform masked it, or it is empty. Nothing was written. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError' as const;
  readonly key: AppKey;

  constructor(key: AppKey) {
    super(`the verify_token of ${key} is masked or empty, so it was not delivered`);
    this.key = key;
  }
}

/** In the sink's folder: the names ever delivered there, one per line. What is not in it is somebody else's. */
const DELIVERED_FILE = '.delivered';
const FINGERPRINT_KEY_FILE = 'token-fingerprint.key';
/** As long as the output of SHA-256, as RFC 2104 advises. */
const FINGERPRINT_KEY_BYTES = 32;
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
/** File systems take 255 bytes, of which `Disk.replace` needs four for `.tmp`. */
const NAME_BYTES_MAX = 200;

export function createTokenSink(options: TokenSinkOptions): FileTokenSink {
  const { disk, dir } = options;
  const fingerprintKey = { bytes: undefined as Uint8Array | undefined };
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: two writes of one path at a time are not allowed. A failure does not stop what follows. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };

  async function deliver(key: AppKey, token: Secret): Promise<string> {
    const text = token.reveal();
    if (token.isMasked || text.trim() === '' || text.includes('*')) throw new TokenRefusedError(key);
    fingerprintKey.bytes ??= await obtainFingerprintKey(options);
    await disk.makeDirectory(dir, { mode: DIRECTORY_MODE });
    const name = formatTokenFileName(key);
    await noteDelivery(options, name);
    await disk.replace(join(dir, name), Buffer.from(text), { mode: FILE_MODE });
    return createHmac('sha256', fingerprintKey.bytes).update(text).digest('hex');
  }

  async function removeOthers(keys: Iterable<AppKey>): Promise<readonly string[]> {
    const kept = new Set([...keys].map(formatTokenFileName));
    const { names } = await readLedger(disk, dir);
    const removed: string[] = [];
    for (const name of names) {
      if (!kept.has(name) && (await disk.remove(join(dir, name)))) removed.push(name);
    }
    return removed;
  }

  return {
    deliver: (key, token) => inTurn(() => deliver(key, token)),
    remove: (key) => inTurn(async () => void (await disk.remove(join(dir, formatTokenFileName(key))))),
    removeOthers: (keys) => inTurn(() => removeOthers(keys)),
  };
}

/**
 * The file name of a key: the key itself where it is made of letters, digits, `-`, `_` and inner dots, else with the other
 * bytes as `%XX`. Different keys have different names, none leaves the folder, and none is another one's temporary file.
 */
export function formatTokenFileName(key: AppKey): string {
  const encoded = [...Buffer.from(key)].map(encodeByte).join('');
  const name = encoded.replace(/^\./, '%2E').replace(/\.tmp$/, '%2Etmp');
  if (name !== '' && name.length <= NAME_BYTES_MAX) return name;
  // A single `%` is no escape, so the name of a long key cannot be that of a short one.
  return `%${createHash('sha256').update(key).digest('hex')}`;
}

function encodeByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (/[A-Za-z0-9._-]/.test(char)) return char;
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

interface Ledger {
  readonly names: ReadonlySet<string>;
  /** The file's last line was cut short, so that the next one must begin with a line end. */
  readonly isTorn: boolean;
}

/** Notes a name before its file exists, durably, so that no delivered token is ever forgotten in the folder. */
async function noteDelivery({ disk, dir }: TokenSinkOptions, name: string): Promise<void> {
  const { names, isTorn } = await readLedger(disk, dir);
  if (names.has(name)) return;
  const handle = await disk.openAppend(join(dir, DELIVERED_FILE), { mode: FILE_MODE });
  try {
    await handle.append(Buffer.from(`${isTorn ? '\n' : ''}${name}\n`));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Read each time: a folder such as /run/callbackd/tokens can be emptied by others, and its ledger goes with it. */
async function readLedger(disk: Disk, dir: string): Promise<Ledger> {
  const text = Buffer.from((await disk.read(join(dir, DELIVERED_FILE))) ?? '').toString('utf8');
  const names = text.split('\n').filter((line) => /^(?!\.)[A-Za-z0-9._%-]+$/.test(line));
  return { names: new Set(names), isTorn: text !== '' && !text.endsWith('\n') };
}

/** Made once and durably. One that is not whole is replaced: fingerprints then change, which costs a delivery each. */
async function obtainFingerprintKey({ disk, stateDir, randomBytes }: TokenSinkOptions): Promise<Uint8Array> {
  const path = join(stateDir, FINGERPRINT_KEY_FILE);
  const found = await disk.read(path);
  if (found?.length === FINGERPRINT_KEY_BYTES) return found;
  const made = randomBytes(FINGERPRINT_KEY_BYTES);
  await disk.makeDirectory(stateDir, { mode: DIRECTORY_MODE });
  await disk.replace(path, made, { mode: FILE_MODE });
  return made;
}
