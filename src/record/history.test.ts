import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppendHandle, type Disk, DiskError } from '../lib/disk.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { verbatim } from '../messages/message.ts';
import type { HistoryEntry } from '../model/history.ts';
import { asAppId, asAppKey } from '../model/identity.ts';
import type { Outcome } from '../model/round.ts';
import { createHistory, type HistoryProblem } from './history.ts';
import { type ReadHistoryOptions, readHistory } from './read-history.ts';

const AT = Date.UTC(2026, 10, 21, 8, 0, 0);

function outcomeOf(key: string, more: Partial<Outcome> = {}): Outcome {
  return {
    change: {
      action: 'update',
      key: asAppKey(key),
      id: asAppId('7512345678901234567'),
      appType: 'normal',
      name: `应用 ${key}`,
      connectorId: null,
      reason: 'differs',
      fields: [
        {
          path: 'callback_url',
          before: 'https://a.example/x',
          after: 'https://b.example/y',
          lastApplied: null,
          changedBy: 'file',
        },
      ],
      steps: [],
      protect: false,
      entryDigest: '',
      observedDigest: '',
      destroys: [],
    },
    result: 'applied',
    calls: [
      {
        operation: 'update_app',
        method: 'PUT',
        path: '/v1/api_apps/7512345678901234567',
        status: 200,
        code: 0,
        logid: 'log-1',
        at: AT - 50,
        durationMs: 41.6,
        attempt: 1,
      },
    ],
    warnings: [],
    startedAt: AT - 60,
    endedAt: AT,
    ...more,
  };
}

describe('the history', () => {
  let dir: string;
  let problems: HistoryProblem[];
  const open = (more: Partial<Parameters<typeof createHistory>[0]> = {}) =>
    createHistory({ disk: nodeDisk, dir, onProblem: (problem) => problems.push(problem), ...more });
  const readAll = async (more: Partial<ReadHistoryOptions> = {}) => {
    const entries: HistoryEntry[] = [];
    for await (const entry of readHistory({ disk: nodeDisk, dir, ...more })) entries.push(entry);
    return entries;
  };
  const keysOf = (entries: readonly HistoryEntry[]) => entries.map((entry) => entry.key);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'callbackd-history-'));
    problems = [];
  });
  afterEach(async () => {
    expect(problems).toEqual([]);
    await rm(dir, { recursive: true, force: true });
  });

  it('writes one line per change with every request, for its owner only', async () => {
    const history = open();
    await history.append(3, outcomeOf('orders', { warnings: [verbatim('the receiver answered late')] }));
    await history.close();
    const file = join(dir, 'history.ndjson');
    const text = await readFile(file, 'utf8');
    expect(text.split('\n')).toHaveLength(2);
    expect(JSON.parse(text)).toEqual({
      time: '2026-11-21T08:00:00.000Z',
      round: 3,
      action: 'update',
      key: 'orders',
      id: '7512345678901234567',
      app_type: 'normal',
      name: '应用 orders',
      reason: 'differs',
      fields: [
        {
          path: 'callback_url',
          before: 'https://a.example/x',
          after: 'https://b.example/y',
          changed_by: 'file',
        },
      ],
      result: 'applied',
      failure: null,
      warnings: ['the receiver answered late'],
      requests: [
        {
          operation: 'update_app',
          status: 200,
          code: 0,
          logid: 'log-1',
          attempt: 1,
          duration_ms: 42,
          failure: null,
        },
      ],
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('tells why a change failed, with the logid, and leaves out what was skipped', async () => {
    const history = open();
    const failure = {
      kind: 'invalid',
      operation: 'update_app',
      message: verbatim('refused'),
      status: 200,
      code: 4000,
      logid: 'log-9',
      attempts: 1,
    } as const;
    await history.append(1, outcomeOf('bad', { result: 'failed', failure }));
    await history.append(
      1,
      outcomeOf('stopped', { result: 'failed', failure: { kind: 'disk', message: verbatim('full') } }),
    );
    await history.append(1, outcomeOf('later', { result: 'skipped', skippedBecause: verbatim('stopped') }));
    await history.close();
    const [stopped, bad, ...rest] = await readAll();
    expect(rest).toEqual([]);
    expect(bad).toMatchObject({
      key: 'bad',
      failure: { kind: 'invalid', message: 'refused', status: 200, code: 4000, logid: 'log-9' },
    });
    expect(stopped?.failure).toEqual({
      kind: 'disk',
      message: 'full',
      status: null,
      code: null,
      logid: null,
    });
  });

  it('tells the id that the platform gave to a created app', async () => {
    const history = open();
    const { change } = outcomeOf('new');
    const created = outcomeOf('new', { change: { ...change, id: null }, id: asAppId('7599') });
    await history.append(1, created);
    await history.close();
    expect((await readAll())[0]?.id).toBe('7599');
  });

  it('is read newest first, for one entry, up to a limit', async () => {
    const history = open();
    for (let index = 0; index < 9; index += 1) {
      await history.append(index, outcomeOf(index % 2 === 0 ? 'even' : 'odd'));
    }
    await history.close();
    expect((await readAll()).map((entry) => entry.round)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    const odd = await readAll({ appKey: asAppKey('odd'), limit: 2 });
    expect(odd.map((entry) => entry.round)).toEqual([7, 5]);
    expect(await readAll({ limit: 0 })).toEqual([]);
  });

  it('is empty where nothing was ever written', async () => {
    expect(await readAll()).toEqual([]);
    expect(await readAll({ dir: join(dir, 'absent') })).toEqual([]);
  });

  it('writes what comes together in one go, in order', async () => {
    const writes: number[] = [];
    const history = open({ disk: watchAppends((data) => writes.push(data.length)) });
    const keys = Array.from({ length: 50 }, (_, index) => `app-${index}`);
    await Promise.all(keys.map((key) => history.append(1, outcomeOf(key))));
    await history.close();
    expect(keysOf(await readAll())).toEqual([...keys].reverse());
    expect(writes).toHaveLength(1);
  });

  it('keeps so many files of so many bytes, and reads over all of them', async () => {
    const history = open({ bytesMax: 2_000, filesMax: 4 });
    for (let index = 0; index < 60; index += 1) await history.append(index, outcomeOf(`app-${index}`));
    await history.close();
    expect(await readdir(dir)).toEqual([
      'history.ndjson',
      'history.ndjson.1',
      'history.ndjson.2',
      'history.ndjson.3',
    ]);
    const rounds = (await readAll()).map((entry) => entry.round);
    expect(rounds.length).toBeGreaterThan(12);
    expect(rounds).toEqual(rounds.map((_, age) => 59 - age));
  });

  it('tells each entry once and in order while the files are rotated under the reader', async () => {
    const history = open({ bytesMax: 2_000 });
    for (let index = 0; index < 8; index += 1) await history.append(index, outcomeOf(`app-${index}`));
    let opened = 0;
    const disk: Disk = {
      ...nodeDisk,
      openRead: async (path) => {
        const handle = await nodeDisk.openRead(path);
        opened += 1;
        // Between the current file and the one before it, the daemon writes on and rotates.
        if (opened === 1) {
          for (let index = 8; index < 14; index += 1) await history.append(index, outcomeOf(`app-${index}`));
        }
        return handle;
      },
    };
    const rounds = (await readAll({ disk })).map((entry) => entry.round);
    await history.close();
    expect(rounds).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('reads lines of any length, in any script, across its chunks', async () => {
    const history = open();
    const lengths = [1, 30_000, 7, 70_000, 200_000, 3];
    for (const length of lengths) {
      await history.append(length, outcomeOf('long', { warnings: [verbatim('接'.repeat(length))] }));
    }
    await history.close();
    const entries = await readAll();
    expect(entries.map((entry) => entry.warnings[0]?.length)).toEqual([...lengths].reverse());
    expect(new Set(entries.map((entry) => entry.warnings[0]?.[0]))).toEqual(new Set(['接']));
  });

  it('passes over a line that a crash cut short, and continues writing after it', async () => {
    const before = open();
    await before.append(1, outcomeOf('a'));
    await before.close();
    await appendFile(join(dir, 'history.ndjson'), '{"time":"2026-11-21T08:00:00.0');
    expect(keysOf(await readAll())).toEqual(['a']);
    const after = open();
    await after.append(2, outcomeOf('b'));
    await after.close();
    const unreadable: string[] = [];
    expect(keysOf(await readAll({ onUnreadable: (file) => unreadable.push(file) }))).toEqual(['b', 'a']);
    expect(unreadable).toEqual([join(dir, 'history.ndjson')]);
  });

  it('passes over lines of a foreign hand', async () => {
    await writeFile(join(dir, 'history.ndjson'), 'null\n\n[1]\n"text"\n{"foreign":true}\n');
    expect(await readAll({ onUnreadable: () => undefined })).toEqual([]);
  });

  it('keeps what it promised for a line that comes at any step of the write before', async () => {
    const written: string[] = [];
    const disk: Disk = {
      ...nodeDisk,
      openRead: async () => undefined,
      openAppend: async () => ({
        append: async (data) => void written.push(Buffer.from(data).toString('utf8')),
        sync: async () => undefined,
        isInPlace: async () => true,
        close: async () => undefined,
      }),
    };
    for (let steps = 0; steps < 40; steps += 1) {
      const history = open({ disk });
      const first = history.append(1, outcomeOf('first'));
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      await history.append(1, outcomeOf(`after-${steps}`));
      expect(written.at(-1)).toContain(`"after-${steps}"`);
      await first;
    }
  });

  it('spoils no later line by one that the disk took only in part', async () => {
    let isFailing = false;
    const disk: Disk = {
      ...nodeDisk,
      openAppend: async (path, options) => {
        const handle = await nodeDisk.openAppend(path, options);
        const append = async (data: Uint8Array) => {
          if (!isFailing) return handle.append(data);
          await handle.append(data.subarray(0, 30));
          throw new DiskError('write', path, 'EIO');
        };
        return {
          append,
          sync: () => handle.sync(),
          isInPlace: async () => true,
          close: () => handle.close(),
        };
      },
    };
    const history = open({ disk });
    await history.append(1, outcomeOf('before'));
    isFailing = true;
    await history.append(2, outcomeOf('torn'));
    isFailing = false;
    await history.append(3, outcomeOf('after'));
    await history.close();
    expect(problems).toMatchObject([{ error: { code: 'EIO' }, lostLines: 1 }]);
    problems = [];
    expect(keysOf(await readAll())).toEqual(['after', 'before']);
  });

  it('reports that it could not be made durable at the end, and closes all the same', async () => {
    const disk: Disk = {
      ...nodeDisk,
      openAppend: async (path, options) => {
        const handle = await nodeDisk.openAppend(path, options);
        const sync = async () => {
          throw new DiskError('sync', path, 'EIO');
        };
        return {
          append: (data) => handle.append(data),
          sync,
          isInPlace: async () => true,
          close: () => handle.close(),
        };
      },
    };
    const history = open({ disk });
    await history.append(1, outcomeOf('a'));
    await history.close();
    expect(problems).toMatchObject([{ error: { operation: 'sync' }, lostLines: 0 }]);
    problems = [];
  });

  it('never rejects when the disk is full: it reports how many lines are lost and works again later', async () => {
    let isFull = false;
    const disk = watchAppends(() => {
      if (isFull) throw new DiskError('write', dir, 'ENOSPC');
    });
    const history = open({ disk });
    await history.append(1, outcomeOf('before'));
    isFull = true;
    await Promise.all([history.append(2, outcomeOf('lost')), history.append(2, outcomeOf('lost too'))]);
    expect(problems).toMatchObject([{ error: { code: 'ENOSPC' }, lostLines: 2 }]);
    problems = [];
    isFull = false;
    await history.append(3, outcomeOf('after'));
    await history.close();
    expect(keysOf(await readAll())).toEqual(['after', 'before']);
  });
});

/** The real disk; `before` is called with the data of each append. */
function watchAppends(before: (data: Uint8Array) => void): Disk {
  return {
    ...nodeDisk,
    openAppend: async (path, options) => {
      const handle = await nodeDisk.openAppend(path, options);
      const watched: AppendHandle = {
        append: async (data) => {
          before(data);
          await handle.append(data);
        },
        sync: () => handle.sync(),
        isInPlace: async () => true,
        close: () => handle.close(),
      };
      return watched;
    },
  };
}
