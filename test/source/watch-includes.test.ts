/** Included files come and go, reloads change what is watched, and the system may refuse to watch at all. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { hostFiles } from '../../src/lib/file-reader.ts';
import { type LoadedConfiguration, loadConfiguration } from '../../src/source/load-configuration.ts';
import { chokidarHints, type HintSource, watchConfiguration } from '../../src/source/watch-configuration.ts';

const app = (name: string) => `apps: {${name}: {app_type: normal, name: ${name}}}\n`;
const MAIN = 'version: 1\ninclude: [apps.d/*.yaml]\napps: {}\n';

it('notices an included file that is added, edited, renamed away and removed, once each', async () => {
  const world = await startWorld({ 'main.yaml': MAIN, 'apps.d/one.yaml': app('one') });
  world.write('apps.d/two.yaml', app('two'));
  expect(await world.next()).toEqual(['apps.d/two.yaml']);
  world.write('apps.d/one.yaml', app('uno'));
  expect(await world.next()).toEqual(['apps.d/one.yaml']);
  renameSync(world.path('apps.d/two.yaml'), world.path('apps.d/two.yaml.off'));
  expect(await world.next()).toEqual(['apps.d/two.yaml']);
  unlinkSync(world.path('apps.d/one.yaml'));
  expect(await world.next()).toEqual(['apps.d/one.yaml']);
  world.write('main.yaml', `${MAIN}# end\n`);
  expect(await world.next()).toEqual(['main.yaml']);
});

it('notices files of a folder that appears later, and of an include that a reload added', async () => {
  const world = await startWorld({ 'main.yaml': 'version: 1\napps: {}\n' });
  mkdirSync(world.path('more'));
  world.write('more/one.yaml', app('one'));
  world.write('main.yaml', 'version: 1\ninclude: [more/*.yaml]\napps: {}\n');
  expect(await world.next()).toEqual(['main.yaml']);
  await world.reload();
  world.write('more/one.yaml', app('uno'));
  expect(await world.next()).toEqual(['more/one.yaml']);
});

it('forgets a file that a reload includes no more, without a word', async () => {
  const world = await startWorld({ 'main.yaml': MAIN, 'apps.d/one.yaml': app('one') });
  world.write('main.yaml', 'version: 1\napps: {}\n');
  expect(await world.next()).toEqual(['main.yaml']);
  await world.reload();
  world.write('main.yaml', 'version: 1\napps: {}\n# edited\n');
  expect(await world.next()).toEqual(['main.yaml']);
});

it('gives a vanished file time to come back before it says anything', async () => {
  let hint = () => {};
  const byHand: HintSource = {
    listen: async (_, listener) => {
      hint = listener.onHint;
      return { close: async () => {} };
    },
  };
  const world = await startWorld({ 'main.yaml': MAIN, 'apps.d/one.yaml': app('one') }, byHand);
  world.write('main.yaml', `${MAIN}# watched\n`);
  await world.next();
  unlinkSync(world.path('apps.d/one.yaml'));
  hint();
  // Well over the quiet time of 200 ms.
  await delay(550);
  world.write('apps.d/one.yaml', app('uno'));
  expect(await world.next()).toEqual(['apps.d/one.yaml']);
  world.write('main.yaml', MAIN);
  expect(await world.next()).toEqual(['main.yaml']);
});

it('counts one change when a save touches several files', async () => {
  const world = await startWorld({ 'main.yaml': MAIN, 'apps.d/one.yaml': app('one') });
  world.write('apps.d/one.yaml', app('uno'));
  world.write('apps.d/two.yaml', app('two'));
  world.write('main.yaml', `${MAIN}# edited\n`);
  expect(await world.next()).toEqual(['apps.d/one.yaml', 'apps.d/two.yaml', 'main.yaml']);
});

it('takes files beside the included ones for none of its business', async () => {
  const world = await startWorld({ 'main.yaml': MAIN, 'apps.d/one.yaml': app('one') });
  world.write('apps.d/.one.yaml.swp', 'swap');
  world.write('apps.d/notes.txt', 'notes');
  world.write('apps.d/one.yaml', app('uno'));
  expect(await world.next()).toEqual(['apps.d/one.yaml']);
});

it('notices what happened between loading and watching', async () => {
  const world = await startWorld(
    { 'main.yaml': MAIN, 'apps.d/one.yaml': app('one') },
    chokidarHints,
    (write) => write('apps.d/one.yaml', app('uno')),
  );
  expect(await world.next()).toEqual(['apps.d/one.yaml']);
});

it('reports at the latest after max_wait when writes do not end', async () => {
  const world = await startWorld({ 'main.yaml': MAIN, 'apps.d/one.yaml': app('one') });
  const writer = setInterval(() => world.write('main.yaml', `${MAIN}# ${performance.now()}\n`), 50);
  onTestFinished(() => clearInterval(writer));
  const startedAt = performance.now();
  expect(await world.next()).toEqual(['main.yaml']);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

it('tells once that the system refuses to watch, and continues without events', async () => {
  const deaf: HintSource = {
    listen: async (_, listener) => {
      listener.onError(Object.assign(new Error('EMFILE: too many open files, watch'), { code: 'EMFILE' }));
      return { close: async () => {} };
    },
  };
  const world = await startWorld({ 'main.yaml': MAIN, 'apps.d/one.yaml': app('one') }, deaf);
  world.write('apps.d/one.yaml', app('uno'));
  expect(await world.next()).toEqual(['apps.d/one.yaml']);
  // Another inode, so that it tries to listen again.
  world.write('apps.d/one.tmp', app('eins'));
  renameSync(world.path('apps.d/one.tmp'), world.path('apps.d/one.yaml'));
  expect(await world.next()).toEqual(['apps.d/one.yaml']);
  world.write('apps.d/one.yaml', app('one'));
  expect(await world.next()).toEqual(['apps.d/one.yaml']);
  expect(world.errors).toEqual(['EMFILE: too many open files, watch']);
});

async function startWorld(
  texts: Readonly<Record<string, string>>,
  hints: HintSource = chokidarHints,
  meanwhile: (write: (name: string, text: string) => void) => void = () => {},
) {
  const root = mkdtempSync(path.join(tmpdir(), 'callbackd-watch-'));
  const at = (name: string) => path.join(root, name);
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  };
  for (const [name, text] of Object.entries(texts)) write(name, text);
  const load = () => loadConfiguration({ path: at('main.yaml'), environment: {}, files: hostFiles });
  let loaded: LoadedConfiguration = await load();
  meanwhile(write);
  const stop = new AbortController();
  const changes: (readonly string[])[] = [];
  const errors: string[] = [];
  let announce = () => {};
  const done = watchConfiguration({
    targets: () => ({ main: at('main.yaml'), includes: loaded.includes, sources: loaded.sources }),
    debounce: () => ({ quietMs: 200, maxWaitMs: 1_500 }),
    files: hostFiles,
    clock: systemClock,
    signal: stop.signal,
    hints,
    onChange: ({ paths }) => {
      changes.push(paths.map((file) => path.relative(root, file)));
      announce();
    },
    onError: (error) => errors.push(error.message),
  });
  onTestFinished(async () => {
    stop.abort();
    await done;
    rmSync(root, { recursive: true });
  });
  return {
    path: at,
    write,
    errors,
    reload: async () => {
      loaded = await load();
    },
    /** The next change; two at once are a mistake that the next call shows. */
    next: async () => {
      while (changes.length === 0) await new Promise<void>((resolve) => (announce = resolve));
      return changes.shift();
    },
  };
}
