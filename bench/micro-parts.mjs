/** The parts of a round measured alone, in this process: reading a configuration, and writing the state. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeDisk } from '../out/modules/lib/disk-node.js';
import { hostFiles } from '../out/modules/lib/file-reader.js';
import { createProcessTable } from '../out/modules/lib/process-table.js';
import { readState } from '../out/modules/record/load-state.js';
import { openStateStore } from '../out/modules/record/open-state-store.js';
import { createConfigurationValidator, loadConfiguration } from '../out/modules/source/load-configuration.js';
import { writeConfiguration } from './processes.mjs';

const SIZES = [1_000, 10_000];
const ENDPOINT = 'https://api.coze.cn';

async function inTemporary(use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function cpuOf(run) {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** CPU ms of reading, parsing and checking a file of so many entries; the best of three. */
export function measureParsing() {
  return inTemporary(async (folder) => {
    const file = path.join(folder, 'callbackd.yaml');
    const validator = await createConfigurationValidator();
    const results = [];
    for (const size of SIZES) {
      writeConfiguration(file, { count: size });
      const runs = [];
      for (let run = 0; run < 3; run += 1) {
        const load = () => loadConfiguration({ path: file, environment: {}, files: hostFiles, validator });
        runs.push(await cpuOf(load));
      }
      const cpuMs = Math.min(...runs);
      results.push({ situation: 'read, parse and check', size, cpuMs, usPerEntry: (cpuMs * 1_000) / size });
    }
    return results;
  });
}

/**
 * CPU ms of recording creates (intent, binding, URL), eight at a time, with real syncs; and of reading the
 * state back.
 */
export async function measureStateWrites() {
  const results = [];
  for (const size of SIZES) {
    await inTemporary(async (dir) => {
      const options = { disk: nodeDisk, dir, endpoint: ENDPOINT, clock: Date, random: Math.random };
      const store = await openStateStore({ ...options, process: createProcessTable(process.pid) });
      const write = await cpuOf(async () => {
        for (let index = 0; index < size; index += 8) {
          await Promise.all(Array.from({ length: 8 }, (_, offset) => recordCreate(store, index + offset)));
        }
      });
      await store.close();
      const read = await cpuOf(() => readState({ disk: nodeDisk, dir, endpoint: ENDPOINT }));
      for (const [situation, cpuMs] of [
        ['record creates, durably', write],
        ['read the state back', read],
      ]) {
        results.push({ situation, size, cpuMs, usPerEntry: (cpuMs * 1_000) / size });
      }
    });
  }
  return results;
}

async function recordCreate(store, index) {
  const [key, id, at] = [`app-${index}`, String(7_512_000_000_000_000_000n + BigInt(index)), Date.now()];
  const name = `app ${index}`;
  const intent = { key, appType: 'normal', name, lookAlikes: [], openedAt: at };
  await store.commit({ type: 'intent_opened', intent });
  const app = { key, id, appType: 'normal', name, protect: false, how: 'created', boundAt: at };
  await store.commit({ type: 'app_bound', app: { ...app, applied: { name }, activating: true } });
  const applied = { name, callbackUrl: `https://hooks.example.com/coze/${index}` };
  await store.commit({ type: 'app_changed', key, patch: { applied, activating: false } });
}
