/**
 * The daemon as it runs for weeks: what it costs at rest, in a quiet round, and how soon it acts on a saved
 * file.
 */
import { renameSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  inFolder,
  onSandbox,
  runCallbackd,
  startDaemon,
  startFloorDaemon,
  writeConfiguration,
} from './processes.mjs';

/** What a file must rest before it is read: `reconcile.debounce.quiet`. */
const QUIET_MS = 300;
const EVERY_SECOND = '* * * * * *';

export const WARM_ROUNDS = [
  {
    id: 'warm-1000',
    name: 'warm daemon, quiet round of 1,000 apps',
    count: 1_000,
    rounds: 30,
    goal: { cpu: 1.5 },
  },
  {
    id: 'warm-10000',
    name: 'warm daemon, quiet round of 10,000 apps',
    count: 10_000,
    rounds: 15,
    goal: { cpu: 1.5 },
  },
];

/**
 * CPU of a quiet round, scheduled every second, against the floor client listing again in one process. The
 * daemon's figure holds what it does beside rounds, such as looking at its files. Wall time would be the
 * schedule's.
 */
export function measureWarmRounds({ count, rounds }) {
  return onSandbox({ held: count }, (platform) =>
    inFolder(platform.url, async (place) => {
      writeConfiguration(place.config, { count, schedule: EVERY_SECOND });
      const floorProcess = await startFloorDaemon(platform.url);
      const daemon = await startDaemon(place, { count });
      // Compiled code and the heap settle in the first rounds.
      await daemon.untilRound(5);
      const floor = [];
      const ours = [];
      for (let round = 0; round < rounds; round += 1) {
        floor.push(await oneRound(floorProcess, () => floorProcess.poke()));
        ours.push(await oneRound(daemon, () => {}));
      }
      await floorProcess.stop();
      await daemon.stop();
      return { floor, ours };
    }),
  );
}

async function oneRound(process, begin) {
  const [before, number] = [process.cpuMs(), process.rounds()];
  begin();
  await process.untilRound(number + 1);
  const passed = process.rounds() - number;
  return { cpuMs: (process.cpuMs() - before) / passed, peakMb: process.memoryMb().peak };
}

/** Memory and CPU of a daemon with 100 apps while nothing happens; the time is given in seconds. */
export function measureIdle(seconds) {
  return onSandbox({ held: 100 }, (platform) =>
    inFolder(platform.url, async (place) => {
      writeConfiguration(place.config, { count: 100 });
      const daemon = await startDaemon(place, { count: 100 });
      await sleep(5_000);
      const before = daemon.cpuMs();
      await sleep(seconds * 1_000);
      const cpuMs = ((daemon.cpuMs() - before) * 600) / seconds;
      const memory = daemon.memoryMb();
      await daemon.stop();
      return { cpuMsPer10Min: cpuMs, memoryMb: memory.now, peakMb: memory.peak };
    }),
  );
}

/**
 * How much the resident memory grows over quiet rounds, after the heap has settled: medians of the first and
 * last tenth.
 */
export function measureGrowth(rounds) {
  return onSandbox({ held: 100 }, (platform) =>
    inFolder(platform.url, async (place) => {
      writeConfiguration(place.config, { count: 100 });
      const daemon = await startDaemon(place, { count: 100 });
      const samples = [];
      for (let round = 0; round < rounds * 1.3; round += 1) {
        await askForRound(place.socket);
        if (round >= rounds * 0.3) samples.push(daemon.memoryMb().now);
      }
      await daemon.stop();
      const middle = (list) => list.toSorted((left, right) => left - right)[Math.floor(list.length / 2)];
      const tenth = Math.ceil(samples.length / 10);
      return { grownMb: middle(samples.slice(-tenth)) - middle(samples.slice(0, tenth)) };
    }),
  );
}

function askForRound(socketPath) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method: 'POST', path: '/v1/reconcile' }, (reply) => {
      reply.resume().on('end', resolve);
    });
    request.on('error', reject);
    request.end('{"by":"bench"}');
  });
}

/** From the rename of a saved file to the first request, beyond the time that the file must rest. */
export function measureSaves(saves, { withEvents }) {
  return onSandbox({ held: 100 }, (platform) =>
    inFolder(platform.url, async (place) => {
      writeConfiguration(place.config, { count: 100 });
      await runCallbackd(place, 'apply', '--yes');
      const daemon = await startDaemon(place, {
        count: 100,
        ...(withEvents ? {} : { preload: 'without-file-events.mjs' }),
      });
      const beyondMs = [];
      for (let save = 0; save < saves; save += 1) {
        // Not in step with the look that is taken every second.
        await sleep(1_500 + (save * 1_000) / saves);
        await platform.take();
        const next = `${place.config}.next`;
        writeConfiguration(next, { count: 100, moved: `save-${save}` });
        const savedAt = Date.now();
        const round = daemon.rounds();
        renameSync(next, place.config);
        await daemon.untilRound(round + 1);
        const { firstAt } = await platform.take();
        beyondMs.push(firstAt - savedAt - QUIET_MS);
      }
      await daemon.stop();
      return beyondMs;
    }),
  );
}
