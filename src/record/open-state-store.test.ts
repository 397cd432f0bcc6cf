import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Disk, DiskError } from '../lib/disk.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { asAppId, asAppKey } from '../model/identity.ts';
import type { OwnedApp, StateChange } from '../model/state.ts';
import { readState } from './load-state.ts';
import { openStateStore, type StateStoreOptions } from './open-state-store.ts';
import { StateLockedError, StatePoisonedError, StateRefusedError } from './state-errors.ts';

let dir: string;

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  dir = path.join(folder, 'state');
});

const living = { pid: 1, host: 'here', startOf: (pid: number) => (pid === 1 ? 'boot/1' : undefined) };

function options(more: Partial<StateStoreOptions> = {}): StateStoreOptions {
  const endpoint = 'https://api.coze.cn';
  return {
    disk: nodeDisk,
    dir,
    endpoint,
    clock: { now: () => 1_700_000_000_000 },
    random: () => 0.5,
    process: living,
    ...more,
  };
}

function bound(key: string, id = `75000000000000${key}`): StateChange {
  const app: OwnedApp = {
    key: asAppKey(key),
    id: asAppId(id),
    appType: 'normal',
    name: key,
    how: 'created',
    boundAt: 1,
    applied: {},
    protect: false,
    activating: true,
  };
  return { type: 'app_bound', app };
}

async function reopen(): Promise<readonly string[]> {
  return [...(await readState(options())).apps.keys()];
}

describe('the state store', () => {
  it('holds after a clean end what was committed, in private files', async () => {
    const store = await openStateStore(options());
    await store.commit([bound('a'), bound('b')]);
    await store.close();
    expect(await reopen()).toEqual(['a', 'b']);
    for (const name of ['state.json', 'state.log']) {
      expect(statSync(path.join(dir, name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  it('holds after a crash everything whose commit resolved', async () => {
    const store = await openStateStore(options());
    await Promise.all([store.commit(bound('a')), store.commit(bound('b'))]);
    expect(await reopen()).toEqual(['a', 'b']);
    expect((await readState(options())).serial).toBe(store.state.serial);
  });

  it('shares one sync between commits that come together', async () => {
    const counted = countSyncs(nodeDisk);
    const store = await openStateStore(options({ disk: counted.disk }));
    await Promise.all(Array.from({ length: 100 }, (_, index) => store.commit(bound(`k${index}`))));
    expect(counted.syncs()).toBeLessThanOrEqual(2);
  });

  it('recovers to a prefix of what was committed wherever the log is cut', async () => {
    const store = await openStateStore(options());
    const keys = ['a', 'b', 'c', 'd'];
    for (const key of keys) await store.commit(bound(key));
    const log = readFileSync(path.join(dir, 'state.log'));
    const header = log.indexOf('\n') + 1;
    for (let length = header; length <= log.length; length += 1) {
      writeFileSync(path.join(dir, 'state.log'), log.subarray(0, length));
      const found = await reopen();
      expect(found).toEqual(keys.slice(0, found.length));
    }
    expect(await reopen()).toEqual(keys);
  });

  it('folds a long log into the snapshot and keeps both readable at any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), async (numbers) => {
        rmSync(dir, { recursive: true, force: true });
        const store = await openStateStore(options({ logBounds: { whileOpen: 300, atEnd: 200 } }));
        for (const number of numbers) await store.commit(bound(`k${number}`));
        expect(new Set(await reopen())).toEqual(new Set(numbers.map((number) => `k${number}`)));
        await store.close();
        expect(new Set(await reopen())).toEqual(new Set(numbers.map((number) => `k${number}`)));
      }),
      { numRuns: 15 },
    );
  });

  it('writes some 2 MB at most for 1,000 creates', async () => {
    const counted = countSyncs(nodeDisk);
    const store = await openStateStore(options({ disk: counted.disk }));
    for (let index = 0; index < 1_000; index += 8) {
      await Promise.all(
        Array.from({ length: 8 }, (_, lane) => createLife(`app-${index + lane}`)).map(async (changes) => {
          for (const change of changes) await store.commit(change);
        }),
      );
    }
    await store.close();
    expect(counted.bytes()).toBeLessThan(2 * 1024 * 1024);
  });

  it('writes for one change what one change takes, however many apps there are', async () => {
    const store = await openStateStore(options());
    await store.commit(Array.from({ length: 1_000 }, (_, index) => bound(`app-${index}`)));
    await store.close();
    const snapshot = readFileSync(path.join(dir, 'state.json'));
    for (let count = 1; count <= 3; count += 1) {
      const counted = countSyncs(nodeDisk);
      const later = await openStateStore(options({ disk: counted.disk }));
      await later.commit({ type: 'calls_counted', calls: { day: '2026-11-26', count } });
      await later.close();
      expect(counted.bytes()).toBeLessThan(1_000);
    }
    expect(readFileSync(path.join(dir, 'state.json'))).toEqual(snapshot);
    expect((await readState(options())).calls).toEqual({ day: '2026-11-26', count: 3 });
    expect(await reopen()).toHaveLength(1_000);
  });

  it('records nothing more after a write that failed', async () => {
    const failing: Disk = {
      ...nodeDisk,
      openAppend: async (file, mode) => {
        const handle = await nodeDisk.openAppend(file, mode);
        const fail = () => Promise.reject(new DiskError('sync', file, 'EIO'));
        return {
          append: (data) => handle.append(data),
          sync: fail,
          isInPlace: async () => true,
          close: () => handle.close(),
        };
      },
    };
    const store = await openStateStore(options({ disk: failing }));
    await expect(store.commit(bound('a'))).rejects.toThrow(DiskError);
    await expect(store.commit(bound('b'))).rejects.toThrow(StatePoisonedError);
    expect([...store.state.apps.keys()]).toEqual([]);
    await store.close();
  });

  it('refuses a file of another endpoint, an empty and a torn one, and leaves them as they are', async () => {
    const store = await openStateStore(options({ logBounds: { whileOpen: 300, atEnd: 0 } }));
    await store.commit(bound('a'));
    await store.close();
    await expect(openStateStore(options({ endpoint: 'https://api.coze.com' }))).rejects.toMatchObject({
      reason: 'foreign',
    });
    const file = path.join(dir, 'state.json');
    const whole = readFileSync(file, 'utf8');
    for (const broken of ['', whole.slice(0, 100), whole.replace('"a"', '"x"')]) {
      writeFileSync(file, broken);
      await expect(openStateStore(options())).rejects.toThrow(StateRefusedError);
      expect(readFileSync(file, 'utf8')).toBe(broken);
    }
  });

  it('refuses a second process and takes over from one that is gone', async () => {
    const store = await openStateStore(options());
    await expect(openStateStore(options())).rejects.toMatchObject({ name: 'StateLockedError', pid: 1 });
    const later = { pid: 2, host: 'here', startOf: (pid: number) => (pid === 2 ? 'boot/2' : undefined) };
    const successor = await openStateStore(options({ process: later }));
    await successor.commit(bound('a'));
    await successor.close();
    const reused = { pid: 1, host: 'here', startOf: () => 'boot/another' };
    await (await openStateStore(options({ process: reused }))).close();
    await store.close();
    expect(await reopen()).toEqual(['a']);
  });

  it('lets exactly one of many takers have the lock of a dead holder', async () => {
    await openStateStore(options());
    const alive = (pid: number) => (pid > 1 ? `boot/${pid}` : undefined);
    const takers = Array.from({ length: 12 }, (_, index) =>
      openStateStore(options({ process: { pid: index + 2, host: 'here', startOf: alive } })),
    );
    const results = await Promise.allSettled(takers);
    const taken = results.filter((result) => result.status === 'fulfilled');
    expect(taken.length).toBeLessThanOrEqual(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StateLockedError);
    }
    for (const store of taken) await store.value.close();
    await (await openStateStore(options({ process: { pid: 99, host: 'here', startOf: alive } }))).close();
  });
});

/** What is committed for one app from intent to active. */
function createLife(name: string): StateChange[] {
  const key = asAppKey(name);
  const intent = { key, appType: 'normal' as const, name, lookAlikes: [], openedAt: 1 };
  const callbackUrl = `https://hooks.example.com/coze/${name}`;
  return [
    { type: 'intent_opened', intent },
    bound(name, '7512345678901234567'),
    { type: 'app_changed', key, patch: { applied: { name, callbackUrl } } },
    {
      type: 'app_changed',
      key,
      patch: { applied: { name, callbackUrl, events: ['bot.deleted'] }, activating: false },
    },
  ];
}

function countSyncs(inner: Disk): { disk: Disk; syncs: () => number; bytes: () => number } {
  const count = { syncs: 0, bytes: 0 };
  const disk: Disk = {
    ...inner,
    replace: (file, data, mode) => {
      count.bytes += data.length;
      return inner.replace(file, data, mode);
    },
    openAppend: async (file, mode) => {
      const handle = await inner.openAppend(file, mode);
      return {
        append: (data) => {
          count.bytes += data.length;
          return handle.append(data);
        },
        sync: () => {
          count.syncs += 1;
          return handle.sync();
        },
        isInPlace: async () => true,
        close: () => handle.close(),
      };
    },
  };
  return { disk, syncs: () => count.syncs, bytes: () => count.bytes };
}
