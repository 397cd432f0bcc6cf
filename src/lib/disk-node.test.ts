import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DiskError } from './disk.ts';
import { nodeDisk } from './disk-node.ts';

const PRIVATE = { mode: 0o600 };
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('utf8');
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'callbackd-disk-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
});

const at = (name: string) => path.join(dir, name);

describe('the real disk', () => {
  it('answers absence as a value wherever it is an expected answer', async () => {
    expect(await nodeDisk.read(at('none'))).toBeUndefined();
    expect(await nodeDisk.openRead(at('none'))).toBeUndefined();
    expect(await nodeDisk.list(at('none'))).toBeUndefined();
    expect(await nodeDisk.stat(at('none'))).toBeUndefined();
    expect(await nodeDisk.remove(at('none'))).toBe(false);
  });

  it('replaces a file whole with the mode that was asked for, over a leftover and never through a symbolic link', async () => {
    writeFileSync(at('elsewhere'), 'untouched');
    symlinkSync(at('elsewhere'), at('a.tmp'));
    writeFileSync(at('a'), 'before');
    chmodSync(at('a'), 0o644);
    await nodeDisk.replace(at('a'), Buffer.from('after'), PRIVATE);
    expect(readFileSync(at('a'), 'utf8')).toBe('after');
    expect(statSync(at('a')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('elsewhere'), 'utf8')).toBe('untouched');
    expect(readdirSync(dir).sort()).toEqual(['a', 'elsewhere']);
  });

  it('duplicates what a file holds, and a later replacement of either does not show in the other', async () => {
    await nodeDisk.replace(at('a'), Buffer.from('one'), PRIVATE);
    await nodeDisk.duplicate(at('a'), at('b'));
    await nodeDisk.duplicate(at('a'), at('b'));
    await nodeDisk.replace(at('a'), Buffer.from('two'), PRIVATE);
    expect(text(await nodeDisk.read(at('b')))).toBe('one');
    expect(readdirSync(dir).sort()).toEqual(['a', 'b']);
  });

  it('gives an exclusive name to exactly one of many who ask at once, with its whole content', async () => {
    const asked = Array.from({ length: 20 }, (_, index) =>
      nodeDisk.createExclusive(at('lock'), Buffer.from(`taker ${index}`), PRIVATE),
    );
    const given = await Promise.all(asked);
    expect(given.filter((answer) => answer)).toHaveLength(1);
    expect(text(await nodeDisk.read(at('lock')))).toBe(`taker ${given.indexOf(true)}`);
    expect(readdirSync(dir)).toEqual(['lock']);
  });

  it('appends at the end whatever else was written, and reads one version of a file through its handle', async () => {
    const log = await nodeDisk.openAppend(at('log'), PRIVATE);
    await log.append(Buffer.from('one\n'));
    await log.sync();
    const reading = await nodeDisk.openRead(at('log'));
    await log.append(Buffer.from('two\n'));
    await log.close();
    await nodeDisk.replace(at('log'), Buffer.from('another file'), PRIVATE);
    expect(reading?.bytes).toBe(4);
    expect(text(await reading?.read(0, 100))).toBe('one\ntwo\n');
    await reading?.close();
    expect(statSync(at('log')).mode & 0o777).toBe(0o600);
  });

  it('makes missing folders private and leaves an existing one as it is', async () => {
    await nodeDisk.makeDirectory(at('x/y'), { mode: 0o700 });
    expect(statSync(at('x')).mode & 0o777).toBe(0o700);
    chmodSync(at('x'), 0o750);
    await nodeDisk.makeDirectory(at('x'), { mode: 0o700 });
    expect(statSync(at('x')).mode & 0o777).toBe(0o750);
    expect(await nodeDisk.list(at('x'))).toEqual(['y']);
  });

  it('names the operation, the path and the code of what the system refused', async () => {
    const refused = nodeDisk.replace(at('no/such/folder/file'), Buffer.from('x'), PRIVATE);
    await expect(refused).rejects.toBeInstanceOf(DiskError);
    await expect(refused).rejects.toMatchObject({ operation: 'create', code: 'ENOENT' });
    await expect(nodeDisk.read(dir)).rejects.toThrow(`cannot read ${dir}: it is a directory (EISDIR)`);
  });

  it.runIf(existsSync('/dev/full'))('refuses what is no file, to be read or written', async () => {
    // The real failure of a full disk is in test/process/disk-faults.test.ts.
    for (const open of [
      nodeDisk.read,
      nodeDisk.openRead,
      (file: string) => nodeDisk.openAppend(file, PRIVATE),
    ])
      await expect(open('/dev/full')).rejects.toMatchObject({ path: '/dev/full', code: 'ENXIO' });
  });
});
