/**
 * The state store on a disk that really fails: a file system that fills up, and system calls that strace makes fail. Each test
 * tells why it was left out where the host does not allow it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const MODULES = path.resolve(import.meta.dirname, '../../out/modules');
const ENDPOINT = 'https://api.coze.cn';

/** Commits one app after the other until `count` or a failure; says what was acknowledged and what went wrong. */
const WRITER = `
import { nodeDisk } from '${MODULES}/lib/disk-node.js';
import { createProcessTable } from '${MODULES}/lib/process-table.js';
import { openStateStore } from '${MODULES}/record/open-state-store.js';
const [dir, count, whileOpen, atEnd] = process.argv.slice(1);
const result = { acknowledged: 0, error: null, later: null };
let store;
try {
  store = await openStateStore({ disk: nodeDisk, dir, endpoint: '${ENDPOINT}', clock: { now: () => 1 }, random: Math.random,
    process: createProcessTable(process.pid), logBounds: { whileOpen: Number(whileOpen), atEnd: Number(atEnd) } });
  for (let index = 0; index < Number(count); index += 1) {
    const key = 'app-' + index;
    await store.commit({ type: 'app_bound', app: { key, id: String(7500000000000000000n + BigInt(index)), appType: 'normal',
      name: key, how: 'created', boundAt: 1, applied: {}, protect: false, activating: true } });
    result.acknowledged += 1;
  }
} catch (error) {
  result.error = { name: error.constructor.name, code: error.code };
  if (store) await store.commit({ type: 'resumed', key: null }).catch((error) => { result.later = error.constructor.name; });
}
await store?.close().catch(() => undefined);
process.stdout.write(JSON.stringify(result));
`;

const READER = `
import { nodeDisk } from '${MODULES}/lib/disk-node.js';
import { readState } from '${MODULES}/record/load-state.js';
const state = await readState({ disk: nodeDisk, dir: process.argv[1], endpoint: '${ENDPOINT}' });
process.stdout.write(JSON.stringify([...state.apps.keys()]));
`;

interface Written {
  readonly acknowledged: number;
  readonly error: { readonly name: string; readonly code: string } | null;
  readonly later: string | null;
}

let folder: string;
let dir: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'callbackd-faults-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  dir = path.join(folder, 'state');
});

function write(
  count: number,
  options: {
    readonly under?: readonly string[];
    readonly whileOpen?: number;
    readonly atEnd?: number;
  } = {},
) {
  const { under = [], whileOpen = 1_000_000, atEnd = 0 } = options;
  const script = path.join(folder, 'write.mjs');
  writeFileSync(script, WRITER.replaceAll('process.argv.slice(1)', 'process.argv.slice(2)'));
  const words = [...under, process.execPath, script, dir, `${count}`, `${whileOpen}`, `${atEnd}`];
  // strace counts the calls of each thread for itself: on one thread the n-th call is the n-th of the process.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  return spawnSync(words[0] ?? '', words.slice(1), { encoding: 'utf8', env });
}

function read(): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', READER, dir], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as string[]).sort(byNumber);
}

const byNumber = (left: string, right: string) => Number(left.slice(4)) - Number(right.slice(4));
const names = (count: number) => Array.from({ length: count }, (_, index) => `app-${index}`);

describe('a file system that fills up', () => {
  it('stops the store at the first commit that does not fit, loses nothing before it, and continues when there is room', ({
    skip,
  }) => {
    mkdirSync(dir);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]);
    if (mounted.status !== 0) skip('this host does not let us mount a tmpfs');
    onTestFinished(() => void spawnSync('umount', [dir]));
    const first = JSON.parse(write(1_000).stdout) as Written;
    expect(first.error).toEqual({ name: 'DiskError', code: 'ENOSPC' });
    expect(first.later).toBe('StatePoisonedError');
    expect(first.acknowledged).toBeGreaterThan(20);
    expect(read()).toEqual(names(first.acknowledged));

    spawnSync('mount', ['-o', 'remount,size=4m', dir]);
    const second = JSON.parse(write(first.acknowledged + 50).stdout) as Written;
    expect(second).toMatchObject({ acknowledged: first.acknowledged + 50, error: null });
    expect(read()).toEqual(names(first.acknowledged + 50));
  });
});

const hasStrace = spawnSync('strace', ['-V']).status === 0;

describe.runIf(hasStrace)('a system call that fails (needs strace)', () => {
  /** Each makes the n-th call that touches the file fail, or kills the process there. */
  const CASES = [
    {
      call: 'fdatasync',
      file: 'state.log',
      inject: 'error=EIO:when=3',
      code: 'EIO',
      reason: 'a sync of the log fails',
    },
    {
      call: 'write',
      file: 'state.log',
      inject: 'error=ENOSPC:when=3',
      code: 'ENOSPC',
      reason: 'the log does not fit',
    },
    {
      call: 'write',
      file: 'state.log',
      inject: 'retval=7:when=3',
      code: null,
      reason: 'a short write is believed',
    },
    {
      call: 'fdatasync',
      file: 'state.log',
      inject: 'signal=KILL:when=4',
      code: 'killed',
      reason: 'killed before a sync',
    },
    {
      call: 'write',
      file: 'state.log',
      inject: 'signal=KILL:when=5',
      code: 'killed',
      reason: 'killed before a write',
    },
    {
      call: 'rename',
      file: 'state.json.tmp',
      inject: 'error=EIO:when=2',
      code: 'EIO',
      reason: 'the folded snapshot cannot take its name',
    },
    {
      call: 'rename',
      file: 'state.json.tmp',
      inject: 'signal=KILL:when=2',
      code: 'killed',
      reason: 'killed before the snapshot takes its name',
    },
    {
      call: 'fsync',
      file: 'state.json.tmp',
      inject: 'error=EIO:when=2',
      code: 'EIO',
      reason: 'the folded snapshot cannot be synced',
    },
    {
      call: 'fsync',
      file: 'state.json.tmp',
      inject: 'signal=KILL:when=2',
      code: 'killed',
      reason: 'killed before the snapshot is synced',
    },
    {
      call: 'rename',
      file: 'state.log.tmp',
      inject: 'signal=KILL:when=2',
      code: 'killed',
      reason: 'killed before the new log takes its name',
    },
    {
      call: 'openat',
      file: 'state.log',
      inject: 'error=EROFS:when=1',
      code: 'EROFS',
      reason: 'the file system is read-only',
    },
  ] as const;

  it.each(CASES)(
    'leaves a state with everything acknowledged when $reason',
    ({ call, file, inject, code }) => {
      const trace = ['strace', '-f', '-qq', '-o', path.join(folder, 'trace'), '-e', `trace=${call}`];
      const under = [...trace, '-e', `inject=${call}:${inject}`, '-P', path.join(dir, file)];
      const { stdout } = write(30, { under, whileOpen: 2_000 });
      expect(readFileSync(path.join(folder, 'trace'), 'utf8')).toMatch(/INJECTED|SIGKILL/);
      if (code === 'killed') expect(stdout).toBe('');
      const written = code === 'killed' ? undefined : (JSON.parse(stdout) as Written);
      if (code !== null && written !== undefined) {
        expect(written.error?.code).toBe(code);
        expect(written.acknowledged).toBeLessThan(30);
      }
      if (call === 'openat') return;
      const found = read();
      // What was not acknowledged may be there or not; what was is there, and nothing else.
      expect(found).toEqual(names(found.length));
      if (written !== undefined) expect(found.length).toBeGreaterThanOrEqual(written.acknowledged);
      const again = JSON.parse(write(30).stdout) as Written;
      expect(again).toEqual({ acknowledged: 30, error: null, later: null });
    },
  );

  it.each(['fsync', 'rename'])(
    'refuses to continue with the log of the last process where %s fails for its new copy, and loses nothing',
    (call) => {
      for (const count of [80, 5])
        expect(JSON.parse(write(count, { atEnd: 5_000 }).stdout)).toMatchObject({
          acknowledged: count,
          error: null,
        });
      const trace = ['strace', '-f', '-qq', '-o', path.join(folder, 'trace'), '-e', `trace=${call}`];
      const under = [
        ...trace,
        '-e',
        `inject=${call}:error=EIO:when=1`,
        '-P',
        path.join(dir, 'state.log.tmp'),
      ];
      const refused = JSON.parse(write(8, { under, atEnd: 5_000 }).stdout) as Written;
      expect(refused).toEqual({ acknowledged: 0, error: { name: 'DiskError', code: 'EIO' }, later: null });
      expect(read()).toEqual(names(80));
      expect(JSON.parse(write(90, { atEnd: 5_000 }).stdout)).toMatchObject({ acknowledged: 90, error: null });
      expect(read()).toEqual(names(90));
    },
  );
});
