/** The watch as the daemon runs it, on real files: reloads change what there is to look at while it looks seldom. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createConfigurationValidator } from '../source/load-configuration.ts';
import { createConfigurations } from './create-configurations.ts';

/** Much less than the time between two surveys of a daemon at rest. */
const SOON_MS = 4_000;
const SELDOM_MS = 10_000;
const SURVEY_MS = 1_000;
const app = (name: string) => `apps: {${name}: {app_type: normal, name: ${name}}}\n`;

it('looks at included files as soon as a release with old stamps brings them', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'callbackd-releases-'));
  const at = (...names: string[]) => path.join(root, ...names);
  mkdirSync(at('one'));
  mkdirSync(at('two', 'apps.d'), { recursive: true });
  writeFileSync(at('one', 'callbackd.yaml'), 'version: 1\napps: {}\n');
  writeFileSync(at('two', 'callbackd.yaml'), 'version: 1\ninclude: [apps.d/*.yaml]\napps: {}\n');
  writeFileSync(at('two', 'apps.d', 'a.yaml'), app('a'));
  symlinkSync('one', at('current'));

  /** How long it slept, each time but within a save. */
  const sleeps: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep(ms, signal) {
      if (ms >= SURVEY_MS) sleeps.push(ms);
      return systemClock.sleep(ms, signal);
    },
  };
  const configurations = createConfigurations({
    options: {
      path: at('current', 'callbackd.yaml'),
      environment: {},
      validator: await createConfigurationValidator(),
    },
    clock,
  });
  await configurations.load();
  const stop = new AbortController();
  let announce = () => {};
  const changed = () => new Promise<void>((resolve) => (announce = resolve));
  const done = configurations.watch(
    { onChange: () => announce(), onError: (error) => expect.unreachable(error.message) },
    stop.signal,
  );
  onTestFinished(async () => {
    stop.abort();
    await done;
    rmSync(root, { recursive: true });
  });

  while (sleeps.at(-1) !== SELDOM_MS) await delay(20);
  sleeps.length = 0;
  const swapped = changed();
  symlinkSync('two', at('next'));
  renameSync(at('next'), at('current'));
  await swapped;
  expect(await configurations.load()).toMatchObject({ ok: true });
  while (sleeps.length === 0) await delay(20);
  const edited = changed();
  writeFileSync(at('two', 'apps.d', 'a.yaml'), app('b'));
  const editedAt = performance.now();
  await edited;
  expect(performance.now() - editedAt).toBeLessThan(SOON_MS);
});
