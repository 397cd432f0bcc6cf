import { createHmac, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskError } from '../lib/disk.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { asAppKey } from '../model/identity.ts';
import { Secret } from '../model/secret.ts';
import { createTokenSink, formatTokenFileName, TokenRefusedError } from './token-sink.ts';

const TOKEN = 'aB3'.repeat(21);

describe('the token sink', () => {
  let root: string;
  const open = (disk = nodeDisk) =>
    createTokenSink({ disk, dir: join(root, 'tokens'), stateDir: join(root, 'state'), randomBytes });
  const filesOf = async (dir: string) => (await readdir(join(root, dir))).sort();

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'callbackd-sink-'));
  });
  afterEach(async () => {
    await chmod(root, 0o700);
    await rm(root, { recursive: true, force: true });
  });

  it('writes the bare token for its owner only and makes the folder for its owner only', async () => {
    await open().deliver(asAppKey('orders'), new Secret(TOKEN));
    const file = join(root, 'tokens', 'orders');
    expect(await readFile(file, 'utf8')).toBe(TOKEN);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, 'tokens'))).mode & 0o777).toBe(0o700);
  });

  it('answers with a fingerprint under a key that is made once and kept for its owner only', async () => {
    const first = await open().deliver(asAppKey('a'), new Secret(TOKEN));
    const again = await open().deliver(asAppKey('b'), new Secret(TOKEN));
    const other = await open().deliver(asAppKey('a'), new Secret(`${TOKEN}x`));
    const keyFile = join(root, 'state', 'token-fingerprint.key');
    const key = await readFile(keyFile);
    expect(first).toBe(createHmac('sha256', key).update(TOKEN).digest('hex'));
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(key.length).toBe(32);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  });

  it('replaces a fingerprint key that is not whole', async () => {
    await mkdir(join(root, 'state'));
    await writeFile(join(root, 'state', 'token-fingerprint.key'), 'short');
    await open().deliver(asAppKey('a'), new Secret(TOKEN));
    expect((await readFile(join(root, 'state', 'token-fingerprint.key'))).length).toBe(32);
  });

  it.each([
    { text: 'abc****xyz', masked: false, reason: 'stars in the text' },
    { text: 'abcdefgh', masked: true, reason: 'the platform said so' },
    { text: '', masked: false, reason: 'empty' },
    { text: ' \n', masked: false, reason: 'blank' },
  ])('refuses a token that is a mask, and keeps the good one: $reason', async ({ text, masked }) => {
    const sink = open();
    await sink.deliver(asAppKey('a'), new Secret(TOKEN));
    const refused = sink.deliver(asAppKey('a'), new Secret(text, { masked }));
    await expect(refused).rejects.toBeInstanceOf(TokenRefusedError);
    await expect(refused).rejects.not.toThrow(TOKEN);
    expect(await readFile(join(root, 'tokens', 'a'), 'utf8')).toBe(TOKEN);
  });

  it('removes the token of a key, and does not mind when there is none', async () => {
    const sink = open();
    await sink.deliver(asAppKey('a'), new Secret(TOKEN));
    await sink.remove(asAppKey('a'));
    await sink.remove(asAppKey('a'));
    expect(await filesOf('tokens')).toEqual([]);
  });

  describe('rotates a token', () => {
    const key = asAppKey('orders');
    const contents = async () => {
      const names = await filesOf('tokens');
      return Object.fromEntries(
        await Promise.all(
          names.map(async (name) => [name, await readFile(join(root, 'tokens', name), 'utf8')]),
        ),
      );
    };

    it('through KEY.next to KEY, with the old one as KEY.previous until that is retired', async () => {
      const sink = open();
      await sink.deliver(key, new Secret('old'));
      const next = await sink.deliver(key, new Secret('new'), 'next');
      expect(await contents()).toEqual({ orders: 'old', 'orders.next': 'new' });
      await sink.promote(key, next);
      expect(await contents()).toEqual({ orders: 'new', 'orders.previous': 'old' });
      await sink.retire(key);
      expect(await contents()).toEqual({ orders: 'new' });
    });

    it.each([1, 2, 3])('and continues when it fails at its write number %i', async (nth) => {
      await open().deliver(key, new Secret('old'));
      const next = await open().deliver(key, new Secret('new'), 'next');
      let left = nth;
      const failing =
        <Call extends readonly unknown[], Result>(work: (...call: Call) => Result) =>
        (...call: Call): Result => {
          left -= 1;
          if (left === 0) throw new DiskError('write', 'x', 'EIO');
          return work(...call);
        };
      const disk = { ...nodeDisk, replace: failing(nodeDisk.replace), remove: failing(nodeDisk.remove) };
      await expect(open(disk).promote(key, next)).rejects.toThrow(DiskError);
      expect(await open().findLost(new Map([[key, next]]), new Set([key]))).toEqual([]);
      await open().promote(key, next);
      expect(await contents()).toEqual({ orders: 'new', 'orders.previous': 'old' });
    });

    it('and touches nothing where the next one is not the one that was delivered', async () => {
      await open().deliver(key, new Secret('old'));
      const next = await open().deliver(key, new Secret('new'), 'next');
      await open().deliver(key, new Secret('another'), 'next');
      await expect(open().promote(key, next)).rejects.toThrow(TokenRefusedError);
      expect(await contents()).toEqual({ orders: 'old', 'orders.next': 'another' });
    });

    it('under names that no key has, and leaves none behind', async () => {
      const others = ['orders.next', 'orders.previous'].map(asAppKey);
      const sink = open();
      for (const other of others) await sink.deliver(other, new Secret(`of ${other}`));
      await sink.deliver(key, new Secret('old'));
      await sink.promote(key, await sink.deliver(key, new Secret('new'), 'next'));
      await sink.deliver(key, new Secret('newer'), 'next');
      await sink.remove(key);
      expect(await contents()).toEqual({
        'orders%2Enext': 'of orders.next',
        'orders%2Eprevious': 'of orders.previous',
      });
    });
  });

  describe('tells which tokens it lost', () => {
    const deliver = async (...keys: readonly string[]) => {
      const sink = open();
      const delivered = keys.map(async (key) => {
        const fingerprint = await sink.deliver(asAppKey(key), new Secret(`${TOKEN}${key}`));
        return [asAppKey(key), fingerprint] as const;
      });
      return new Map(await Promise.all(delivered));
    };

    it('none while every file holds what was delivered, also in another life', async () => {
      expect(await open().findLost(await deliver('a', 'b'))).toEqual([]);
    });

    it('those whose file is gone, was changed, or cannot be read', async () => {
      const delivered = await deliver('gone', 'kept', 'edited', 'a-folder');
      await rm(join(root, 'tokens', 'gone'));
      await writeFile(join(root, 'tokens', 'edited'), 'something else');
      await rm(join(root, 'tokens', 'a-folder'));
      await mkdir(join(root, 'tokens', 'a-folder'));
      expect(await open().findLost(delivered)).toEqual(['gone', 'edited', 'a-folder']);
    });

    it('all of them when the folder was emptied, and holds what is then delivered again', async () => {
      const delivered = await deliver('a', 'b');
      await rm(join(root, 'tokens'), { recursive: true });
      expect(await open().findLost(delivered)).toEqual(['a', 'b']);
      await deliver('a', 'b');
      expect(await open().findLost(delivered)).toEqual([]);
    });

    it('all of them when the key of the fingerprints is gone', async () => {
      const delivered = await deliver('a');
      await rm(join(root, 'state', 'token-fingerprint.key'));
      expect(await open().findLost(delivered)).toEqual(['a']);
    });
  });

  it('takes concurrent deliveries, of one key too, and ends with the last', async () => {
    const sink = open();
    const texts = Array.from({ length: 20 }, (_, index) => `${TOKEN}${index}`);
    await Promise.all(texts.map((text) => sink.deliver(asAppKey('a'), new Secret(text))));
    expect(await readFile(join(root, 'tokens', 'a'), 'utf8')).toBe(texts.at(-1));
  });

  it('rejects with the disk error when the disk refuses, and works again afterwards', async () => {
    let isFull = true;
    const disk = {
      ...nodeDisk,
      replace: async (...parameters: Parameters<typeof nodeDisk.replace>) => {
        if (isFull) throw new DiskError('write', parameters[0], 'ENOSPC');
        return nodeDisk.replace(...parameters);
      },
    };
    const sink = open(disk);
    await expect(sink.deliver(asAppKey('a'), new Secret(TOKEN))).rejects.toMatchObject({ code: 'ENOSPC' });
    isFull = false;
    await sink.deliver(asAppKey('a'), new Secret(TOKEN));
    expect(await readFile(join(root, 'tokens', 'a'), 'utf8')).toBe(TOKEN);
  });
});

describe('the file name of a key', () => {
  it('is the key itself where that is safe', () => {
    expect(formatTokenFileName(asAppKey('orders-v2.eu_1'))).toBe('orders-v2.eu_1');
  });

  it.each([
    ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd'],
    ['.', '%2E'],
    ['..', '%2E.'],
    ['.hidden', '%2Ehidden'],
    ['a.tmp', 'a%2Etmp'],
    ['订单', '%E8%AE%A2%E5%8D%95'],
    ['100%', '100%25'],
  ])('of %s is %s', (key, name) => {
    expect(formatTokenFileName(asAppKey(key))).toBe(name);
  });

  it('is different for different keys, stays in the folder and fits', () => {
    const anyKey = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.stringMatching(/^[.%/a.tmp]{0,9}$/),
    );
    fc.assert(
      fc.property(anyKey, anyKey, (left, right) => {
        const [leftName, rightName] = [left, right].map((key) => formatTokenFileName(asAppKey(key)));
        expect(leftName === rightName).toBe(left === right);
        expect(leftName).toMatch(/^(?!\.)[A-Za-z0-9._%-]{1,200}$/);
        expect(leftName).not.toMatch(/\.tmp$/);
      }),
    );
  });
});
