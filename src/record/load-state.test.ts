import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { nodeDisk } from '../lib/disk-node.ts';
import { asAppKey } from '../model/identity.ts';
import { readState } from './load-state.ts';
import { openStateStore } from './open-state-store.ts';
import { StateRefusedError } from './state-errors.ts';
import { type Migrations, STATE_FORMAT_VERSION } from './state-format.ts';

const FORMATS = path.resolve(import.meta.dirname, '../../test/state-formats');
const ENDPOINT = 'https://api.coze.cn';
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'callbackd-load-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
});

const read = (folder = dir, migrations?: Migrations) =>
  readState({ disk: nodeDisk, dir: folder, endpoint: ENDPOINT, ...(migrations && { migrations }) });

function open(whileOpen: number) {
  const process = { pid: 1, host: 'here', startOf: () => 'boot/1' };
  const clock = { now: () => 1_800_000_000_000 };
  return openStateStore({
    disk: nodeDisk,
    dir,
    endpoint: ENDPOINT,
    clock,
    random: () => 0,
    process,
    logBounds: { whileOpen, atEnd: 0 },
  });
}

describe('reading the state without the lock', () => {
  it('answers an empty state where nothing was recorded, and leaves nothing behind', async () => {
    const state = await read(path.join(dir, 'not/there'));
    expect(state).toMatchObject({ lineage: '', serial: 0, endpoint: ENDPOINT });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('sees at every moment a state that was there, beside a writer that folds its log again and again', async () => {
    const store = await open(400);
    let isWriting = true;
    const writing = (async () => {
      for (let count = 1; count <= 120; count += 1) {
        await store.commit({ type: 'calls_counted', calls: { day: '2026-11-21', count } });
      }
      isWriting = false;
    })();
    const seen: number[] = [];
    while (isWriting) {
      const { serial: acknowledged } = store.state;
      const state = await read();
      expect(state.serial).toBeGreaterThanOrEqual(acknowledged);
      expect(state.calls?.count ?? 0).toBe(state.serial);
      seen.push(state.serial);
    }
    await writing;
    expect(new Set(seen).size).toBeGreaterThan(1);
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
    await store.close();
  });

  it('changes no file of the directory, a torn record included', async () => {
    const store = await open(1_000_000);
    await store.commit({ type: 'calls_counted', calls: { day: '2026-11-21', count: 1 } });
    await store.close();
    const log = path.join(dir, 'state.log');
    writeFileSync(log, `${readFileSync(log, 'utf8')}{"serial":2,"at"`);
    const look = () =>
      readdirSync(dir).map((name) => [
        name,
        readFileSync(path.join(dir, name), 'utf8'),
        statSync(path.join(dir, name)).mtimeMs,
      ]);
    const before = look();
    expect((await read()).calls?.count).toBe(1);
    expect(look()).toEqual(before);
  });
});

describe('a format of the state files', () => {
  it.each(readdirSync(FORMATS))('that was released continues to be read: %s', async (name) => {
    const state = await read(path.join(FORMATS, name));
    expect(state.serial).toBe(12);
    expect([...state.apps.keys()].sort()).toEqual(['old', 'orders']);
    expect(state.apps.get(asAppKey('orders'))).toMatchObject({
      id: '7512345678901234567',
      name: '订单回调应用',
      boundAt: Date.parse('2026-11-21T06:00:00Z'),
      applied: {
        callbackUrl: 'https://hooks.example.com/coze/orders',
        events: ['bot.deleted', 'bot.published'],
      },
    });
    expect(state.apps.get(asAppKey('old'))).toMatchObject({
      condemnedAt: Date.parse('2026-11-21T06:00:02Z'),
    });
    expect(state.intents.get(asAppKey('partner'))).toMatchObject({
      endedAt: Date.parse('2026-11-21T06:00:04Z'),
    });
    expect(state.backoffs.get(asAppKey('bad'))).toMatchObject({ until: Date.parse('2026-11-21T06:01:00Z') });
    expect(state.pausedAll).toEqual({ because: 'migration', by: 'ops' });
    expect(state.calls).toEqual({ day: '2026-11-21', count: 17 });
  });

  it('that is current has a stored example, so that the next one cannot forget it', () => {
    expect(readdirSync(FORMATS)).toContain(`format-${STATE_FORMAT_VERSION}`);
  });

  it('that is older is turned into the current one step by step, and refused where a step is missing', async () => {
    const store = await open(1_000_000);
    await store.commit({ type: 'calls_counted', calls: { day: '2026-11-21', count: 3 } });
    await store.close();
    const snapshot = path.join(dir, 'state.json');
    writeFileSync(snapshot, withVersion(readFileSync(snapshot), 0));
    await expect(read()).rejects.toThrow('has format 0, which this version cannot read');
    const migrations: Migrations = new Map([
      [
        0,
        {
          snapshot: (content) => ({ ...content, calls: { day: '2026-11-22', count: 4 } }),
          change: (change) => change,
        },
      ],
    ]);
    expect((await read(dir, migrations)).calls).toEqual({ day: '2026-11-22', count: 4 });
  });

  it('that is newer is refused with the way out, and is not damage', async () => {
    const store = await open(1_000_000);
    await store.close();
    const snapshot = path.join(dir, 'state.json');
    writeFileSync(snapshot, withVersion(readFileSync(snapshot), 2));
    await expect(read()).rejects.toBeInstanceOf(StateRefusedError);
    await expect(read()).rejects.toMatchObject({ reason: 'newer', file: snapshot });
    await expect(read()).rejects.toThrow('Run the callbackd version that wrote it');
  });

  it('does not mind that an editor laid the snapshot out again', async () => {
    const store = await open(1_000_000);
    await store.commit({ type: 'calls_counted', calls: { day: '2026-11-21', count: 3 } });
    await store.close();
    const snapshot = path.join(dir, 'state.json');
    writeFileSync(snapshot, JSON.stringify(JSON.parse(readFileSync(snapshot, 'utf8'))));
    expect(await read()).toEqual(store.state);
  });
});

/** The same snapshot as another version would have written it, with a checksum that fits. */
function withVersion(snapshot: Uint8Array, version: number): string {
  const { checksum: _, ...content } = JSON.parse(Buffer.from(snapshot).toString('utf8')) as Record<
    string,
    unknown
  >;
  const other = { ...content, format_version: version };
  const checksum = createHash('sha256').update(JSON.stringify(other)).digest('hex');
  return JSON.stringify({ ...other, checksum: `sha256:${checksum}` });
}
