/** What a path is comes back as a value, on real files; nothing here hangs or throws. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostFiles } from './file-reader.ts';

let root = '';
const at = (name: string) => path.join(root, name);

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'callbackd-files-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('reading', () => {
  it('gives the whole content of a file, also behind a link', async () => {
    writeFileSync(at('file'), 'content');
    symlinkSync('file', at('link'));
    expect(await hostFiles.read(at('link'), 7)).toEqual({ ok: true, bytes: Buffer.from('content') });
  });

  it('tells a missing file, a missing folder, a dangling link, a folder, a large file and a FIFO apart', async () => {
    writeFileSync(at('file'), 'content');
    symlinkSync('nowhere', at('dangling'));
    execFileSync('/usr/bin/env', ['mkfifo', at('fifo')]);
    const reasons: unknown[] = [];
    for (const name of ['none', 'none/file', 'file/below', 'dangling', '.', 'fifo']) {
      const read = await hostFiles.read(at(name), 6);
      reasons.push(read.ok || read.failure.reason);
    }
    expect(reasons).toEqual(['missing', 'missing', 'missing', 'missing', 'directory', 'not_a_file']);
    expect(await hostFiles.read(at('file'), 6)).toEqual({
      ok: false,
      failure: { reason: 'too_large', bytes: 7 },
    });
  });

  it('names the system error where the system refuses', async () => {
    symlinkSync('loop', at('loop'));
    expect(await hostFiles.read(at('loop'), 6)).toEqual({
      ok: false,
      failure: { reason: 'refused', code: 'ELOOP' },
    });
  });
});

describe('listing', () => {
  it('is sorted, follows links and says what is a folder', async () => {
    mkdirSync(at('folder'));
    writeFileSync(at('b'), '');
    writeFileSync(at('a'), '');
    symlinkSync('folder', at('link'));
    symlinkSync('nowhere', at('dangling'));
    expect(await hostFiles.list(root)).toEqual([
      { name: 'a', isDirectory: false },
      { name: 'b', isDirectory: false },
      { name: 'dangling', isDirectory: false },
      { name: 'folder', isDirectory: true },
      { name: 'link', isDirectory: true },
    ]);
    expect(await hostFiles.list(at('none'))).toBeUndefined();
    expect(await hostFiles.list(at('a'))).toBeUndefined();
  });
});

describe('identifying', () => {
  it('differs after a write, a swap and a change of mode, and only then', async () => {
    writeFileSync(at('file'), 'one');
    const first = await hostFiles.identify(at('file'));
    expect(await hostFiles.identify(at('file'))).toEqual(first);
    chmodSync(at('file'), 0o600);
    const second = await hostFiles.identify(at('file'));
    expect(second).toMatchObject({ node: first?.node, bytes: 3, mode: 0o600 });
    expect(second?.stamp).not.toBe(first?.stamp);
    writeFileSync(at('other'), 'two');
    expect((await hostFiles.identify(at('other')))?.node).not.toBe(first?.node);
    expect(await hostFiles.identify(at('none'))).toBeUndefined();
  });

  it('with an earlier answer at hand says the same as without one', async () => {
    writeFileSync(at('one'), '1');
    writeFileSync(at('two'), '2');
    symlinkSync('one', at('link'));
    const before = await hostFiles.identify(at('link'));
    expect(await hostFiles.identify(at('link'), before)).toBe(before);
    rmSync(at('link'));
    symlinkSync('two', at('link'));
    const after = await hostFiles.identify(at('link'), before);
    expect(after).toEqual(await hostFiles.identify(at('link')));
    expect(after?.realPath).toMatch(/two$/);
    rmSync(at('two'));
    expect(await hostFiles.identify(at('link'), before)).toBeUndefined();
  });
});
