import { describe, expect, it } from 'vitest';
import type { Disk } from '../lib/disk.ts';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { createInstance } from './process-instance.ts';
import { createRng } from './random.ts';
import { createSimulatedDisk, type DiskFault } from './simulated-disk.ts';

const MODE = { mode: 0o600 };
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array | undefined) =>
  content === undefined ? undefined : new TextDecoder().decode(content);

/** Runs `work` on a fresh disk; faults are taken from the list, one per operation that has one. */
async function onDisk<Result>(
  seed: number,
  work: (disk: Disk, medium: ReturnType<typeof createSimulatedDisk>) => Promise<Result>,
  fault: (operation: string) => DiskFault | undefined = () => undefined,
): Promise<Result> {
  const clock = createVirtualClock(0);
  const medium = createSimulatedDisk();
  const instance = createInstance({ number: 1, clock, onStep: () => {} });
  const disk = medium.mount({ instance, rng: createRng(seed), fault });
  const outcome = { result: undefined as Result | undefined, isDone: false };
  const working = (async () => {
    await disk.makeDirectory('/state', { mode: 0o700 });
    outcome.result = await work(disk, medium);
  })().finally(() => {
    outcome.isDone = true;
  });
  await Promise.all([working, clock.run(() => outcome.isDone)]);
  return outcome.result as Result;
}

describe('the simulated disk', () => {
  it('keeps what was synced over a power cut, and never makes more of the rest than a part or garbage', async () => {
    const fates = new Set<string>();
    for (let seed = 1; seed <= 60; seed += 1) {
      await onDisk(seed, async (disk, medium) => {
        const file = await disk.openAppend('/state/log', MODE);
        await file.append(bytes('synced;'));
        await file.sync();
        await file.append(bytes('unsynced'));
        medium.cutPower(createRng(seed));
        const left = text(medium.files().get('/state/log')) ?? '';
        expect(left.startsWith('synced;')).toBe(true);
        expect(left.length).toBeLessThanOrEqual('synced;unsynced'.length);
        fates.add('synced;unsynced'.startsWith(left) ? (left === 'synced;' ? 'lost' : 'prefix') : 'garbage');
      });
    }
    expect([...fates].sort()).toEqual(['garbage', 'lost', 'prefix']);
  });

  it('never makes durable what a failed sync left behind, even when a later sync succeeds', async () => {
    let failures = 0;
    const failOnce = (operation: string) => (operation === 'sync' && ++failures === 1 ? 'EIO' : undefined);
    const left = await onDisk(
      3,
      async (disk, medium) => {
        const file = await disk.openAppend('/state/log', MODE);
        await file.append(bytes('a'));
        await expect(file.sync()).rejects.toMatchObject({ code: 'EIO', operation: 'sync' });
        await file.sync();
        for (let seed = 1; seed <= 40; seed += 1) medium.cutPower(createRng(seed));
        return text(medium.files().get('/state/log'));
      },
      failOnce,
    );
    expect(['', '\0']).toContain(left);
  });

  it('shows the old content or the new one after a replace that failed, and the new one after one that did not', async () => {
    const seen = new Set<string | undefined>();
    for (let seed = 1; seed <= 40; seed += 1) {
      let writes = 0;
      await onDisk(
        seed,
        async (disk) => {
          await disk.replace('/state/file', bytes('old'), MODE);
          await expect(disk.replace('/state/file', bytes('new'), MODE)).rejects.toMatchObject({
            code: 'ENOSPC',
          });
          seen.add(text(await disk.read('/state/file')));
        },
        (operation) => (operation === 'write' && ++writes === 2 ? 'ENOSPC' : undefined),
      );
    }
    expect([...seen].sort()).toEqual(['new', 'old']);
  });

  it('gives an exclusive name to one caller only, and forgets it in a power cut', async () => {
    await onDisk(1, async (disk, medium) => {
      expect(await disk.createExclusive('/state/lock', bytes('1'), MODE)).toBe(true);
      expect(await disk.createExclusive('/state/lock', bytes('2'), MODE)).toBe(false);
      medium.cutPower(createRng(1));
      expect(await disk.read('/state/lock')).toBeUndefined();
    });
  });

  it('does nothing any more for a process that has ended', async () => {
    const clock = createVirtualClock(0);
    const medium = createSimulatedDisk();
    medium.plant('/state/file', bytes('before'));
    const instance = createInstance({ number: 1, clock, onStep: () => {} });
    const disk = medium.mount({ instance, rng: createRng(1), fault: () => undefined });
    const handle: { append?: (data: Uint8Array) => Promise<void> } = {};
    void disk.openAppend('/state/file', MODE).then((opened) => Object.assign(handle, opened));
    await clock.run(() => handle.append !== undefined);
    instance.end();
    let isOver = false;
    clock.after(1_000, () => {
      isOver = true;
    });
    void handle.append?.(bytes('after'));
    void disk.replace('/state/file', bytes('after'), MODE);
    await clock.run(() => isOver);
    expect(text(medium.files().get('/state/file'))).toBe('before');
  });
});
