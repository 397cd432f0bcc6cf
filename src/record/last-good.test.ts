import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDisk } from '../lib/disk-node.ts';
import { createLastGood } from './last-good.ts';

const TEXTS = {
  files: ['callbackd.yaml', 'apps.d/absent.yaml', 'apps.d/b.yaml'],
  sources: new Map([
    ['callbackd.yaml', 'version: 1\ninclude: [apps.d/*.yaml]\n# 订单\n'],
    ['apps.d/b.yaml', 'apps: {}\n'],
  ]),
};

describe('the last good configuration', () => {
  let dir: string;
  const open = () => createLastGood({ disk: nodeDisk, dir });
  const file = () => join(dir, 'last-good.json');

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'callbackd-last-good-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  it('comes back whole in another life, the main file first, readable for its owner only', async () => {
    await open().save(TEXTS);
    const { stored } = await open().load();
    expect(stored?.files).toEqual(['callbackd.yaml', 'apps.d/b.yaml']);
    expect(stored?.sources).toEqual(TEXTS.sources);
    expect(stored?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['last-good.json']);
  });

  it('is absent until something was saved', async () => {
    expect(await open().load()).toEqual({});
  });

  it('is not written again when the texts are the same', async () => {
    await open().save(TEXTS);
    const { ino } = await stat(file());
    await open().save(TEXTS);
    expect((await stat(file())).ino).toBe(ino);
    await open().save({ ...TEXTS, sources: new Map([['callbackd.yaml', 'version: 1\n']]) });
    expect((await stat(file())).ino).not.toBe(ino);
  });

  it('tells a text that moved to another file from one that did not', async () => {
    const one = {
      files: ['a', 'b'],
      sources: new Map([
        ['a', 'x'],
        ['b', 'yz'],
      ]),
    };
    const other = {
      files: ['a', 'b'],
      sources: new Map([
        ['a', 'xy'],
        ['b', 'z'],
      ]),
    };
    await open().save(one);
    await open().save(other);
    expect((await open().load()).stored?.sources).toEqual(other.sources);
  });

  it.each([
    { reason: 'cut short', damageFile: () => truncate(file(), 40) },
    { reason: 'empty', damageFile: () => truncate(file(), 0) },
    { reason: 'another document', damageFile: () => writeFile(file(), 'null') },
    { reason: 'a later format', damageFile: () => writeFile(file(), '{"format_version":2}') },
    { reason: 'no files', damageFile: () => writeFile(file(), '{"format_version":1,"files":[]}') },
    {
      reason: 'a changed text',
      damageFile: async () =>
        writeFile(file(), (await readFile(file(), 'utf8')).replace('apps: {}', 'apps: []')),
    },
  ])('counts as absent and is reported when it is damaged: $reason', async ({ damageFile }) => {
    await open().save(TEXTS);
    await damageFile();
    expect(await open().load()).toEqual({ damage: { file: file(), problem: expect.any(String) } });
  });

  it('heals a damaged copy by the next save', async () => {
    await writeFile(file(), 'torn');
    await open().save(TEXTS);
    expect((await open().load()).stored?.sources).toEqual(TEXTS.sources);
  });
});
