/** The watch of a token's end, on a virtual clock and a real file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createVirtualClock, StandstillError } from '../lib/virtual-clock.ts';
import { withClosers } from './closers.ts';
import { readTokenExpiry, watchTokenExpiry } from './token-expiry.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1);
const ENV = { kind: 'token_env', variable: 'COZE_API_TOKEN' } as const;

it('tells 14, 7 and 1 days before, and at the end, once each', async () => {
  const clock = createVirtualClock(START);
  const told: unknown[] = [];
  await withClosers(async (closers) => {
    const watch = await watchTokenExpiry(
      { auth: ENV, tokenExpiry: { at: START + 20 * DAY } },
      {
        clock,
        closers,
        events: { write: (type, fields) => void told.push([type, Reflect.get(fields, 'daysLeft')]) },
      },
    );
    expect(watch.expiresAt()).toBe(START + 20 * DAY);
    await clock.run(() => clock.now() >= START + 25 * DAY);
  });
  expect(told).toEqual([14, 7, 1, 0].map((days) => ['token_expiring', days]));
});

it('counts a duration from when the file was written, and tells that it was replaced', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-expiry-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'token');
  writeFileSync(file, 'pat_x');
  const auth = { kind: 'token_file', path: file } as const;
  const expiresAt = await readTokenExpiry({ auth, tokenExpiry: { afterMs: 30 * DAY } });
  expect(Math.abs((expiresAt ?? 0) - (Date.now() + 30 * DAY))).toBeLessThan(60_000);
  expect(
    await readTokenExpiry({ auth: { ...auth, path: `${file}2` }, tokenExpiry: { afterMs: 1 } }),
  ).toBeUndefined();
  expect(await readTokenExpiry({ auth })).toBeUndefined();

  const clock = createVirtualClock(Date.now() + 25 * DAY);
  const told: string[] = [];
  await withClosers(async (closers) => {
    await watchTokenExpiry(
      { auth, tokenExpiry: { afterMs: 30 * DAY } },
      { clock, closers, events: { write: (type) => void told.push(type) } },
    );
    expect(told).toEqual(['token_expiring']);
    rmSync(file);
    // The file is a real one: while it is looked at, the clock has nothing to do.
    const pass = async () => {
      await clock
        .run(() => told.length === 2)
        .catch((error: unknown) => {
          if (!(error instanceof StandstillError)) throw error;
        });
      return told.length;
    };
    await expect.poll(pass).toBe(2);
  });
  expect(told).toEqual(['token_expiring', 'token_renewed']);
});
