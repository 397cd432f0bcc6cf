/**
 * What the files hold is what was committed: for any changes, after a crash at any step, and wherever a file
 * was cut or changed.
 */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { anyStateChange } from '../../test/builders/state-changes.ts';
import { type AppendHandle, type Disk, DiskError } from '../lib/disk.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { sha256 } from '../lib/sha256.ts';
import { say } from '../messages/say.ts';
import { foldStateChange } from '../model/fold-state.ts';
import { type AppKey, asAppId } from '../model/identity.ts';
import { emptyState, type OwnedApp, type State, type StateChange } from '../model/state.ts';
import { readState } from './load-state.ts';
import { openStateStore, type StateStoreOptions } from './open-state-store.ts';
import { StateRefusedError } from './state-errors.ts';
import {
  foldRecords,
  formatLogHeader,
  formatLogRecord,
  formatSnapshot,
  parseLog,
  parseSnapshot,
} from './state-format.ts';

const ENDPOINT = 'https://api.coze.cn';
let dir: string;

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  dir = path.join(folder, 'state');
});

const batches = fc.array(fc.array(anyStateChange, { minLength: 1, maxLength: 3 }), { maxLength: 8 });

/** Each opening is another process; none of the earlier ones lives. */
function options(pid: number, more: Partial<StateStoreOptions> = {}): StateStoreOptions {
  const startOf = (asked: number) => (asked === pid ? `boot/${pid}` : undefined);
  const process = { pid, host: 'here', startOf };
  const clock = { now: () => 1_800_000_000_000 };
  return { disk: nodeDisk, dir, endpoint: ENDPOINT, clock, random: () => 0.5, process, ...more };
}

function foldAll(lineage: string, committed: readonly (readonly StateChange[])[]): State {
  const state = emptyState(lineage, ENDPOINT);
  for (const change of committed.flat()) foldStateChange(state, change);
  return state;
}

async function readBack(): Promise<State> {
  return readState({ disk: nodeDisk, dir, endpoint: ENDPOINT });
}

describe('the state files', () => {
  it('give back any state exactly, from the log after a crash and from the snapshot after a clean end', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.constantFrom(0, 500), async (committed, atEnd) => {
        rmSync(dir, { recursive: true, force: true });
        const store = await openStateStore(options(1, { logBounds: { whileOpen: 2_000, atEnd } }));
        for (const changes of committed) await store.commit(changes);
        expect(store.state).toEqual(foldAll(store.state.lineage, committed));
        expect(await readBack()).toEqual(store.state);
        await store.close();
        expect(await readBack()).toEqual(store.state);
      }),
      { numRuns: 40 },
    );
  });

  it('make a snapshot with the bytes that JSON.stringify gives, whatever the keys', () => {
    const keys = ['10', '9', '007', 'a', '4294967294', '4294967295', 'constructor'] as AppKey[];
    const more = fc.uniqueArray(fc.oneof(fc.constantFrom(...keys), fc.nat().map(String)), { maxLength: 250 });
    fc.assert(
      fc.property(batches, more, (committed, extra) => {
        const state = foldAll('l', committed);
        const apps = state.apps as Map<AppKey, OwnedApp>;
        for (const key of extra as AppKey[]) {
          const app = {
            key,
            id: asAppId(`1${key}`),
            appType: 'normal',
            name: `应用 ${key}\n`.repeat(200),
          } as const;
          apps.set(key, {
            ...app,
            how: 'created',
            boundAt: 0,
            applied: {},
            protect: false,
            activating: false,
          });
        }
        const text = Buffer.from(formatSnapshot(state)).toString();
        expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
        expect(parseSnapshot(Buffer.from(text))).toEqual({ ok: true, value: state });
        const { checksum, ...content } = JSON.parse(text) as Record<string, unknown>;
        expect(checksum).toBe(`sha256:${sha256(JSON.stringify(content))}`);
      }),
      { numRuns: 60 },
    );
  });

  it('give back a prefix of the commits wherever the log is cut', () => {
    fc.assert(
      fc.property(batches, (committed) => {
        const ends = [formatLogHeader({ lineage: 'l', baseSerial: 0 }).length];
        const parts = [formatLogHeader({ lineage: 'l', baseSerial: 0 })];
        let serial = 0;
        for (const changes of committed) {
          serial += changes.length;
          const record = formatLogRecord({ serial, at: 0, changes });
          parts.push(record);
          ends.push((ends.at(-1) ?? 0) + record.length);
        }
        const log = Buffer.concat(parts);
        const wrong: string[] = [];
        for (let length = ends[0] ?? 0; length <= log.length; length += 1) {
          const parsed = parseLog(log.subarray(0, length));
          const whole = ends.filter((end) => end <= length).length - 1;
          if (!parsed.ok) wrong.push(`cut at ${length}: ${say(parsed.problem)}`);
          else if (parsed.value.records.length !== whole)
            wrong.push(`cut at ${length}: not ${whole} records`);
          else if (parsed.value.droppedBytes !== length - (ends[whole] ?? 0))
            wrong.push(`cut at ${length}: dropped`);
        }
        expect(wrong).toEqual([]);
        const read = parseLog(log);
        const state = emptyState('l', ENDPOINT);
        expect(read.ok && foldRecords(state, read.value.records)).toBeUndefined();
        expect(state).toEqual(foldAll('l', committed));
      }),
      { numRuns: 12 },
    );
  });

  it('are refused, or lose at most the last record, when any one byte of the log was changed', async () => {
    const samples = fc.sample(anyStateChange, { numRuns: 3, seed: 7 });
    const store = await openStateStore(options(1));
    for (const change of samples) await store.commit(change);
    const file = path.join(dir, 'state.log');
    const log = readFileSync(file);
    const lastRecord = log.lastIndexOf('\n', log.length - 2) + 1;
    const withoutLast = foldAll(store.state.lineage, [samples.slice(0, -1)]);
    for (let at = 0; at < log.length; at += 1) {
      const changed = Buffer.from(log);
      changed[at] = (changed[at] ?? 0) ^ 0x04;
      const disk = {
        ...nodeDisk,
        read: async (asked: string) => (asked === file ? changed : nodeDisk.read(asked)),
      };
      const reading = readState({ disk, dir, endpoint: ENDPOINT });
      if (at >= lastRecord) expect(await reading).toEqual(withoutLast);
      else await expect(reading).rejects.toThrow(StateRefusedError);
    }
  });

  it('are refused when any one byte of the snapshot was changed, or it was cut short', async () => {
    const [first = [], ...rest] = fc.sample(fc.array(anyStateChange, { minLength: 9, maxLength: 9 }), {
      numRuns: 1,
      seed: 3,
    });
    const whole = formatSnapshot(foldAll('l', [first, ...rest]));
    const accepted: number[] = [];
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x04;
      const parsed = parseSnapshot(changed);
      if (
        parsed.ok &&
        Buffer.compare(formatSnapshot(parsed.value), formatSnapshot(foldAll('l', [first]))) !== 0
      )
        accepted.push(at);
      if (at < whole.length - 1) expect(parseSnapshot(whole.subarray(0, at)).ok).toBe(false);
    }
    expect(accepted).toEqual([]);
  });

  it('satisfy schema/state.schema.json whatever was recorded', () => {
    const schema = JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, '../../schema/state.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv2020({ strict: true, validateFormats: false }).compile(schema);
    fc.assert(
      fc.property(batches, (committed) => {
        const snapshot = JSON.parse(
          Buffer.from(formatSnapshot(foldAll('l', committed))).toString('utf8'),
        ) as unknown;
        expect(validate(snapshot), JSON.stringify(validate.errors)).toBe(true);
      }),
    );
  });
});

describe('a crash', () => {
  it.each([
    ['folds its log', 0],
    ['leaves a short log', 400],
  ])(
    'of a process that %s, at any file operation, loses nothing that was acknowledged and leaves a state that opens',
    async (_, atEnd) => {
      const committed = fc.sample(fc.array(anyStateChange, { minLength: 1, maxLength: 3 }), {
        numRuns: 8,
        seed: 11,
      });
      let hasEnded = false;
      for (let crashAt = 1; !hasEnded; crashAt += 1) {
        rmSync(dir, { recursive: true, force: true });
        const world = crashingDisk(crashAt);
        const acknowledged = await liveUntilCrash(world.disk, committed, atEnd);
        hasEnded = !world.hasCrashed();
        await world.closeHandles();
        const survivor = await openStateStore(options(99, { logBounds: { whileOpen: 600, atEnd } }));
        const possible = [acknowledged, acknowledged + 1].map((count) =>
          foldAll(survivor.state.lineage, committed.slice(0, count)),
        );
        expect(possible).toContainEqual(survivor.state);
        await survivor.close();
        expect(readdirSync(dir).filter((name) => !/^state\.(json|log)(\.bak)?$/.test(name))).toEqual([]);
      }
    },
  );

  it.each([
    ['a folded log', 0],
    ['the same log', 2_000],
  ])('during a recovery that continues with %s loses nothing either', async (_, atEnd) => {
    const bounds = { logBounds: { whileOpen: 10_000, atEnd } };
    const committed = fc.sample(fc.array(anyStateChange, { minLength: 1, maxLength: 3 }), {
      numRuns: 20,
      seed: 12,
    });
    const [last = [], ...earlier] = committed;
    const first = await openStateStore(options(1, { logBounds: { whileOpen: 10_000, atEnd: 0 } }));
    for (const changes of earlier) await first.commit(changes);
    await first.close();
    const store = await openStateStore(options(1));
    await store.commit(last);
    const sizes = ['state.log', 'state.json'].map((name) => readFileSync(path.join(dir, name)).length);
    expect(sizes[0]).toBeLessThan(2_000);
    expect(sizes[1]).toBeGreaterThan(2_000);
    const torn = Buffer.concat([readFileSync(path.join(dir, 'state.log')), Buffer.from('{"serial":9')]);
    const names = readdirSync(dir).filter((name) => name.startsWith('state.'));
    const kept = names.map((name) => [name, readFileSync(path.join(dir, name))] as const);
    for (let crashAt = 1, hasEnded = false; !hasEnded; crashAt += 1) {
      for (const name of readdirSync(dir)) rmSync(path.join(dir, name));
      for (const [name, content] of kept)
        writeFileSync(path.join(dir, name), name === 'state.log' ? torn : content);
      const world = crashingDisk(crashAt);
      await openStateStore(options(2, { disk: world.disk, ...bounds })).catch(() => undefined);
      hasEnded = !world.hasCrashed();
      await world.closeHandles();
      expect(await readBack()).toEqual(store.state);
      const next = await openStateStore(options(3, bounds));
      await next.commit({ type: 'resumed', key: null });
      expect(await readBack()).toEqual(next.state);
    }
  });
});

/**
 * Opens, commits one batch after the other with many compactions, closes. Answers how many commits were
 * acknowledged.
 */
async function liveUntilCrash(
  disk: Disk,
  committed: readonly (readonly StateChange[])[],
  atEnd: number,
): Promise<number> {
  let acknowledged = 0;
  try {
    const store = await openStateStore(options(1, { disk, logBounds: { whileOpen: 600, atEnd } }));
    for (const changes of committed) {
      await store.commit(changes);
      acknowledged += 1;
    }
    await store.close();
  } catch (error) {
    if (!(error instanceof Error) || !/State|Disk/.test(error.name)) throw error;
  }
  return acknowledged;
}

/**
 * A disk of a process that ends at its n-th writing operation: that one and all later ones do nothing and
 * fail.
 */
function crashingDisk(crashAt: number) {
  let operations = 0;
  const handles: AppendHandle[] = [];
  const step = async <Value>(file: string, run: () => Promise<Value>): Promise<Value> => {
    operations += 1;
    if (operations >= crashAt) throw new DiskError('write', file, 'EIO');
    return run();
  };
  const disk: Disk = {
    ...nodeDisk,
    replace: (file, data, mode) => step(file, () => nodeDisk.replace(file, data, mode)),
    duplicate: (from, to) => step(to, () => nodeDisk.duplicate(from, to)),
    createExclusive: (file, data, mode) => step(file, () => nodeDisk.createExclusive(file, data, mode)),
    remove: (file) => step(file, () => nodeDisk.remove(file)),
    makeDirectory: (file, mode) => step(file, () => nodeDisk.makeDirectory(file, mode)),
    openAppend: async (file, mode) => {
      const handle = await step(file, () => nodeDisk.openAppend(file, mode));
      handles.push(handle);
      return {
        append: (data) => step(file, () => handle.append(data)),
        sync: () => step(file, () => handle.sync()),
        isInPlace: async () => true,
        close: async () => undefined,
      };
    },
  };
  const closeHandles = async () => void (await Promise.all(handles.map((handle) => handle.close())));
  return { disk, hasCrashed: () => operations >= crashAt, closeHandles };
}

describe('a damaged snapshot', () => {
  it('names the backup as the way out, and the backup with the logs gives everything back', async () => {
    const store = await openStateStore(options(1, { logBounds: { whileOpen: 300, atEnd: 0 } }));
    const committed = fc.sample(anyStateChange, { numRuns: 20, seed: 5 });
    for (const change of committed) await store.commit(change);
    const snapshot = path.join(dir, 'state.json');
    for (const broken of ['', '{', readFileSync(snapshot, 'utf8').replace('"serial": ', '"serial": 1')]) {
      writeFileSync(snapshot, broken);
      await expect(readBack()).rejects.toThrow(`restore it with \`cp -p ${snapshot}.bak ${snapshot}\``);
    }
    rmSync(snapshot);
    await expect(readBack()).rejects.toMatchObject({ reason: 'missing', file: snapshot });
    await expect(readBack()).rejects.toThrow(`restore it with \`cp -p ${snapshot}.bak ${snapshot}\``);
    copyFileSync(`${snapshot}.bak`, snapshot);
    expect(await readBack()).toEqual(store.state);
  });

  it.each(['state.json', 'state.log', 'state.log.bak', 'state.json.bak'])(
    'is named a way out only where there is one: state.json is gone, and so is or damaged %s',
    async (other) => {
      const store = await openStateStore(options(1, { logBounds: { whileOpen: 300, atEnd: 0 } }));
      for (const change of fc.sample(anyStateChange, { numRuns: 20, seed: 5 })) await store.commit(change);
      for (const damage of [rmSync, (file: string) => writeFileSync(file, 'x')]) {
        const copies = readdirSync(dir).map((name) => [name, readFileSync(path.join(dir, name))] as const);
        rmSync(path.join(dir, 'state.json'));
        if (other !== 'state.json') damage(path.join(dir, other));
        const advised = await readBack().then(
          () => expect.unreachable(),
          (error: StateRefusedError) => error.message.includes('restore it with `cp -p'),
        );
        expect(advised).toBe(other === 'state.json');
        for (const [name, bytes] of copies) writeFileSync(path.join(dir, name), bytes);
      }
    },
  );
});
