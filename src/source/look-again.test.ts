import { describe, expect, it } from 'vitest';
import type { FileReader } from '../lib/file-reader.ts';
import type { Configuration } from '../model/configuration.ts';
import { loadConfiguration } from './load-configuration.ts';
import { createFileLook } from './look-again.ts';

const MAIN = 'version: 1\ninclude: [apps.d/*.yaml]\napps:\n  a: {app_type: normal, name: A}\n';
const MORE = 'apps:\n  b: {app_type: normal, name: B}\n';

/** Files in memory whose every write gets a new stamp; counts how often one is read. */
function createFiles(initial: Record<string, string>) {
  const texts = new Map(Object.entries(initial));
  let revision = 0;
  const world = { looks: 0, reads: 0 };
  const files: FileReader = {
    async read(path) {
      world.reads += 1;
      const text = texts.get(path);
      return text === undefined
        ? { ok: false, failure: { reason: 'missing' } }
        : { ok: true, bytes: new TextEncoder().encode(text) };
    },
    async list(directory) {
      const names = [...texts.keys()].filter((path) => path.startsWith(`${directory}/`));
      return names.map((path) => ({ name: path.slice(directory.length + 1), isDirectory: false }));
    },
    async identify(path) {
      if (path === 'conf/main.yaml') world.looks += 1;
      const text = texts.get(path);
      if (text === undefined) return undefined;
      const stamp = `${path} ${revision} ${text.length}`;
      return { realPath: path, stamp, node: path, bytes: text.length, mode: 0o600, changedAt: 0 };
    },
  };
  return {
    ...{ files, world },
    write(path: string, text: string | undefined) {
      revision += 1;
      if (text === undefined) texts.delete(path);
      else texts.set(path, text);
    },
  };
}

async function open() {
  const time = { now: 1_000_000, monotonic: 0, boot: 0 };
  const { files, world, write } = createFiles({ 'conf/main.yaml': MAIN, 'conf/apps.d/b.yaml': MORE });
  const options = { path: 'conf/main.yaml', environment: { COZE_API_TOKEN: 't' }, files };
  const loaded = await loadConfiguration(options);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  const clock = {
    now: () => time.now,
    monotonic: () => time.monotonic,
    boottime: () => time.boot,
    sleep: async () => {},
  };
  const made: Configuration = loaded.configuration;
  const look = createFileLook(options, clock);
  const compare = async () => (await look.compare(made)).are;
  const pass = (ms: number) => {
    for (const name of ['now', 'monotonic', 'boot'] as const) time[name] += ms;
  };
  return { write, world, compare, pass, time };
}

describe('a second look at the files', () => {
  it('finds them the same, without loading them', async () => {
    const { compare, world } = await open();
    world.reads = 0;
    expect(await compare()).toBe('the_same');
    // Two files, for their digests.
    expect(world.reads).toBe(2);
  });

  it('is taken once a second at most, whoever asks', async () => {
    const { compare, pass, world } = await open();
    world.looks = 0;
    await Promise.all([compare(), compare(), compare()]);
    pass(999);
    await compare();
    expect(world.looks).toBe(1);
    pass(1);
    await compare();
    expect(world.looks).toBe(2);
  });

  it('is taken again after the host slept, though the monotonic clock stood still', async () => {
    const { compare, write, time } = await open();
    await compare();
    write('conf/main.yaml', undefined);
    time.boot += 36_000_000;
    expect(await compare()).toBe('invalid');
  });

  it.each([
    { what: 'a broken file', path: 'conf/main.yaml', text: '{', are: 'invalid' },
    { what: 'an absent file', path: 'conf/main.yaml', text: undefined, are: 'invalid' },
    { what: 'an empty file', path: 'conf/main.yaml', text: '', are: 'invalid' },
    { what: 'a broken included file', path: 'conf/apps.d/b.yaml', text: 'apps: [', are: 'invalid' },
    { what: 'an included file that is gone', path: 'conf/apps.d/b.yaml', text: undefined, are: 'others' },
    {
      what: 'a new included file',
      path: 'conf/apps.d/c.yaml',
      text: MORE.replace(/b/gi, 'c'),
      are: 'others',
    },
    { what: 'a comment', path: 'conf/main.yaml', text: `${MAIN}# a comment\n`, are: 'the_same' },
    { what: 'a rule', path: 'conf/main.yaml', text: `${MAIN}reconcile: {prune: never}\n`, are: 'others' },
  ])('sees $what', async ({ path, text, are }) => {
    const { compare, pass, write } = await open();
    await compare();
    write(path, text);
    pass(1_000);
    expect(await compare()).toBe(are);
  });
});
