import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { openLogDestination } from './log-destination.ts';

let dir = '';
const handles: FileHandle[] = [];
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'callbackd-log-'));
});
afterEach(async () => {
  for (const handle of handles.splice(0)) await handle.close().catch(() => undefined);
  await rm(dir, { recursive: true, force: true });
});

async function openFile(file: string, flags: string | number): Promise<FileHandle> {
  const handle = await open(file, flags);
  handles.push(handle);
  return handle;
}

/** A pipe that nobody reads unless the test does; as standard streams of Node, it does not block. */
async function openPipe(): Promise<FileHandle> {
  const file = path.join(dir, 'pipe');
  await promisify(execFile)('mkfifo', [file]);
  return openFile(file, constants.O_RDWR | constants.O_NONBLOCK);
}

const LINE = `${'x'.repeat(1_023)}\n`;
const MIB = 1024;

describe('a destination of the log', () => {
  it('has every line in the file, in order, when it is closed', async () => {
    const file = path.join(dir, 'log');
    const { fd } = await openFile(file, 'w');
    const destination = openLogDestination(fd, systemClock);
    for (let index = 0; index < 5_000; index += 1) destination.write(`${index}\n`);
    await destination.close();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines).toEqual(Array.from({ length: 5_000 }, (_, index) => `${index}`));
    expect(destination.lostLines?.()).toBe(0);
  });

  it('neither waits for a reader that is stuck nor keeps more than its buffer, and says what was lost', async () => {
    const pipe = await openPipe();
    const destination = openLogDestination(pipe.fd, systemClock);
    const told: number[] = [];
    const recovered = new Promise<void>((resolve) => {
      destination.onRecovered?.((lostLines) => {
        told.push(lostLines);
        resolve();
      });
    });
    const began = performance.now();
    for (let index = 0; index < 10 * MIB; index += 1) destination.write(LINE);
    expect(performance.now() - began).toBeLessThan(1_000);
    const lost = destination.lostLines?.() ?? 0;
    expect(lost).toBeGreaterThan(1 * MIB);
    let isDone = false;
    void recovered.then(() => {
      isDone = true;
    });
    const chunk = Buffer.alloc(1024 * 1024);
    while (!isDone) await pipe.read(chunk).catch(() => new Promise(setImmediate));
    expect(told).toEqual([lost]);
  }, 30_000);

  it('is closed within a second although the reader is stuck', async () => {
    const pipe = await openPipe();
    const destination = openLogDestination(pipe.fd, systemClock);
    for (let index = 0; index < MIB; index += 1) destination.write(LINE);
    const began = performance.now();
    await destination.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    destination.write(LINE);
  });

  it('outlives a full disk, and tries again with every line', async () => {
    const full = await openFile('/dev/full', 'w');
    const destination = openLogDestination(full.fd, systemClock);
    for (let index = 0; index < 9 * MIB; index += 1) destination.write(LINE);
    await new Promise((resolve) => setImmediate(resolve));
    destination.write(LINE);
    expect(destination.lostLines?.()).toBeGreaterThan(0);
    await expect(destination.close()).resolves.toBeUndefined();
  });
});
