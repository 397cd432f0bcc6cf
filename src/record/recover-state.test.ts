import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Disk, DiskError } from '../lib/disk.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { asAppKey } from '../model/identity.ts';
import type { StateChange } from '../model/state.ts';
import { readState } from './load-state.ts';
import { openStateStore } from './open-state-store.ts';
import { StatePoisonedError } from './state-errors.ts';

const paused = (key: string): StateChange => ({ type: 'paused', key: asAppKey(key), pause: {} });

/** A disk whose syncs and whole writes fail for as long as it is told to. */
function createFailingDisk() {
  const trouble = { code: undefined as string | undefined };
  const check = (file: string) => {
    if (trouble.code !== undefined) throw new DiskError('sync', file, trouble.code);
  };
  const disk: Disk = {
    ...nodeDisk,
    replace: async (file, data, mode) => {
      check(file);
      await nodeDisk.replace(file, data, mode);
    },
    openAppend: async (file, mode) => {
      const handle = await nodeDisk.openAppend(file, mode);
      return {
        append: (data) => handle.append(data),
        sync: async () => {
          check(file);
          await handle.sync();
        },
        isInPlace: async () => true,
        close: () => handle.close(),
      };
    },
  };
  return { disk, trouble };
}

async function openOn(disk: Disk) {
  const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-recover-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const where = { disk, dir: path.join(folder, 'state'), endpoint: 'https://api.coze.cn' };
  const process = { pid: 1, host: 'here', startOf: () => 'boot/1' };
  const store = await openStateStore({ ...where, clock: { now: () => 1 }, random: () => 0.5, process });
  return { store, read: () => readState(where) };
}

it('continues after a disk that was full has room again, from what the disk really holds', async () => {
  const { disk, trouble } = createFailingDisk();
  const { store, read } = await openOn(disk);
  const { state } = store;
  await store.commit(paused('before'));
  trouble.code = 'ENOSPC';
  await expect(store.commit(paused('failed'))).rejects.toThrow(DiskError);
  await expect(store.recover()).rejects.toThrow(DiskError);
  await expect(store.commit(paused('refused'))).rejects.toThrow(StatePoisonedError);
  trouble.code = undefined;
  await store.recover();
  await store.commit(paused('after'));
  expect(store.state).toBe(state);
  expect([...state.pauses.keys()].filter((key) => key !== 'failed')).toEqual(['before', 'after']);
  expect(await read()).toEqual(state);
  await store.close();
  expect((await read()).pauses).toEqual(state.pauses);
});

it('has nothing to recover while all is well, and nothing any more once it is closed', async () => {
  const { store } = await openOn(nodeDisk);
  await store.commit(paused('a'));
  await store.recover();
  expect(store.state.serial).toBe(1);
  await store.close();
  await expect(store.recover()).rejects.toThrow(StatePoisonedError);
});
