/**
 * What the disk is asked for while 1,000 apps are created: system calls on files of the state directory, as
 * strace sees them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { inFolder, MAIN, onSandbox, writeConfiguration } from './processes.mjs';

const CALLS = 'write,writev,pwrite64,pwritev,fsync,fdatasync';

/** `undefined` where there is no strace. */
export async function measureDiskWrites(count) {
  if (spawnSync('strace', ['--version']).status !== 0) return undefined;
  return onSandbox({ latency: 20 }, ({ url }) =>
    inFolder(url, async ({ folder, config, env }) => {
      writeConfiguration(config, { count });
      const trace = path.join(folder, 'trace');
      const words = ['-f', '-y', '-qq', '-e', `trace=${CALLS}`, '-o', trace, process.execPath];
      const child = spawn('strace', [...words, MAIN, 'apply', '--yes', '-c', config], {
        env,
        stdio: 'ignore',
      });
      const status = await new Promise((resolve) => child.once('close', resolve));
      if (status !== 0) throw new Error(`apply under strace ended with ${status}`);
      return countCalls(trace, env.CALLBACKD_STATE_DIR);
    }),
  );
}

async function countCalls(trace, stateDir) {
  const sum = { bytes: 0, writes: 0, syncs: 0 };
  // A call of one thread that others interrupted is told in two lines; the second one has the result and not
  // the file.
  const unfinished = new Map();
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    const [, thread, rest] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (rest === undefined) continue;
    if (rest.endsWith('<unfinished ...>')) unfinished.set(thread, rest);
    else count(rest.startsWith('<...') ? (unfinished.get(thread) ?? '') + rest : rest);
  }
  return sum;

  function count(call) {
    if (!call.includes(`<${stateDir}`)) return;
    if (/^f(data)?sync/.test(call)) sum.syncs += 1;
    else {
      sum.writes += 1;
      sum.bytes += Number(/= (\d+)$/.exec(call)?.[1] ?? 0);
    }
  }
}
