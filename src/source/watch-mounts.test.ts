import { expect, it } from 'vitest';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { watchMounts } from './watch-mounts.ts';

it('tells once of a file that was replaced or moved behind its mount, and when it is mounted again', async () => {
  const clock = createVirtualClock(0);
  const told: (readonly string[])[] = [];
  const ending = new AbortController();
  const mounts = new Map([
    ['/a.yaml', { root: '/srv/a.yaml', isDetached: false }],
    ['/b.yaml', { root: '/srv/b.yaml', isDetached: false }],
  ]);
  const watching = watchMounts({
    files: () => ['/a.yaml', '/b.yaml', '/plain.yaml'],
    findMount: async (file) => mounts.get(file),
    clock,
    signal: ending.signal,
    onDetached: (files) => told.push(files),
  });
  const pass = () => {
    const until = clock.monotonic() + 15_000;
    return clock.run(() => clock.monotonic() >= until);
  };
  await pass();
  expect(told).toEqual([]);
  mounts.set('/a.yaml', { root: '/srv/a.yaml//deleted', isDetached: true });
  await pass();
  mounts.set('/b.yaml', { root: '/srv/b.yaml.bak', isDetached: false });
  await pass();
  mounts.delete('/a.yaml');
  mounts.delete('/b.yaml');
  await pass();
  mounts.set('/b.yaml', { root: '/srv/b.yaml.bak', isDetached: false });
  await pass();
  expect(told).toEqual([['/a.yaml'], ['/a.yaml', '/b.yaml'], []]);
  ending.abort();
  await watching;
});

it('tells of a file that no folder held any more when it was first looked at', async () => {
  const clock = createVirtualClock(0);
  const ending = new AbortController();
  const told: (readonly string[])[] = [];
  const watching = watchMounts({
    files: () => ['/a.yaml'],
    findMount: async () => ({ root: '/srv/a.yaml//deleted', isDetached: true }),
    clock,
    signal: ending.signal,
    onDetached: (files) => told.push(files),
  });
  await clock.run(() => clock.monotonic() >= 15_000);
  expect(told).toEqual([['/a.yaml']]);
  ending.abort();
  await watching;
});
