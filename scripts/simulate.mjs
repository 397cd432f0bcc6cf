// Runs simulated worlds over out/modules/, on every core: `npm run simulate -- --worlds N [--from SEED]`, or replays
// one with its trace, shrunk if it fails: `npm run simulate -- --seed S`. Exits 1 when a promise was broken.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const module = path.resolve(import.meta.dirname, '..', 'out', 'modules', 'rehearsal', 'run-worlds.js');
const CHUNK = 100;

if (!existsSync(module)) {
  console.error('out/modules/ is missing: run `npm run build` first');
  process.exit(64);
}
const { runWorlds, replayWorld } = await import(module);
const { say } = await import(path.resolve(path.dirname(module), '..', 'messages', 'say.js'));

if (process.send !== undefined) {
  process.on('message', async (range) => process.send(await runWorlds(range)));
} else {
  const { values } = parseArgs({
    options: {
      worlds: { type: 'string', default: '2000' },
      from: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
    },
  });
  const failed = values.seed === undefined ? await runMany(values) : await runOne(Number(values.seed));
  process.exitCode = failed ? 1 : 0;
}

async function runOne(seed) {
  const { scenario, violation, trace } = await replayWorld(seed);
  console.log(JSON.stringify(scenario, null, 1));
  console.log(trace.join('\n'));
  console.log(
    violation === undefined
      ? `world ${seed}: every promise held`
      : `world ${seed}: ${violation.promise}: ${say(violation.message)}`,
  );
  return violation !== undefined;
}

async function runMany(values) {
  const from = Number(values.from);
  const end = from + Number(values.worlds);
  const startedAt = Date.now();
  const total = {
    worlds: 0,
    requests: 0,
    crashes: 0,
    rounds: 0,
    requestsToConvergeMax: 0,
    virtualMs: 0,
    failures: 0,
  };
  let next = from;
  const add = (result) => {
    for (const name of ['worlds', 'requests', 'crashes', 'rounds', 'virtualMs']) total[name] += result[name];
    total.requestsToConvergeMax = Math.max(total.requestsToConvergeMax, result.requestsToConvergeMax);
    total.failures += result.failures.length;
    for (const { seed, violation } of result.failures) {
      console.log(
        `world ${seed}: ${violation.promise}: ${say(violation.message)}\n  replay: npm run simulate -- --seed ${seed}`,
      );
    }
  };
  const work = () =>
    new Promise((resolve, reject) => {
      const worker = fork(process.argv[1], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      const give = () => {
        if (next >= end) return worker.disconnect();
        const count = Math.min(CHUNK, end - next);
        worker.send({ from: next, count });
        next += count;
      };
      worker.on('message', (result) => {
        add(result);
        give();
      });
      worker.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`)),
      );
      give();
    });
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  const seconds = (Date.now() - startedAt) / 1000;
  console.log(
    `${total.worlds} worlds (seeds ${from} to ${end - 1}) in ${seconds.toFixed(0)} s: ${total.failures} broke a promise; ` +
      `${total.requests} requests, ${total.rounds} rounds, ${total.crashes} restarts, ` +
      `${(total.virtualMs / 86_400_000).toFixed(0)} days of virtual time; ` +
      `at most ${total.requestsToConvergeMax} requests to converge`,
  );
  return total.failures > 0;
}
