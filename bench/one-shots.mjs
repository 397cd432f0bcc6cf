/** Whole commands against the floor client: same requests, same platform, one after the other in turn. */
import { inFolder, onSandbox, runCallbackd, runFloor, writeConfiguration } from './processes.mjs';

/** `goal`: ratios to the floor, milliseconds beyond it, and absolute bounds. */
export const ONE_SHOTS = [
  {
    id: 'create-1000-20ms',
    name: '0 → 1,000 apps, 20 ms',
    what: 'create',
    count: 1_000,
    latency: 20,
    goal: { wall: 1.12 },
  },
  {
    id: 'create-1000-80ms',
    name: '0 → 1,000 apps, 80 ms',
    what: 'create',
    count: 1_000,
    latency: 80,
    goal: { wall: 1.12 },
    isLong: true,
  },
  {
    id: 'create-1000-0ms',
    name: '0 → 1,000 apps, 0 ms',
    what: 'create',
    count: 1_000,
    latency: 0,
    goal: {},
  },
  {
    id: 'change-1000-20ms',
    name: 'one changed of 1,000, 20 ms',
    what: 'change',
    count: 1_000,
    latency: 20,
    goal: {},
  },
  {
    id: 'quiet-100-20ms',
    name: 'quiet command of 100 apps, 20 ms',
    what: 'quiet',
    count: 100,
    latency: 20,
    goal: { extraMs: 230 },
  },
  {
    id: 'quiet-1000-20ms',
    name: 'quiet command of 1,000 apps, 20 ms',
    what: 'quiet',
    count: 1_000,
    latency: 20,
    goal: { extraMs: 450 },
  },
  {
    id: 'quiet-100-0ms',
    name: 'quiet command of 100 apps, 0 ms',
    what: 'quiet',
    count: 100,
    latency: 0,
    goal: {},
  },
  {
    id: 'quiet-1000-0ms',
    name: 'quiet command of 1,000 apps, 0 ms',
    what: 'quiet',
    count: 1_000,
    latency: 0,
    goal: {},
  },
  {
    id: 'quiet-10000-0ms',
    name: 'quiet command of 10,000 apps, 0 ms',
    what: 'quiet',
    count: 10_000,
    latency: 0,
    goal: { extraMs: 2_000, peakMb: 250 },
  },
  {
    id: 'first-request',
    name: 'start of `plan` to its first request',
    what: 'plan',
    count: 100,
    latency: 0,
    goal: { firstMs: 350 },
  },
];

/** `rounds` pairs of runs. */
export function measureOneShot(work, rounds) {
  return work.what === 'create' ? measureCreates(work, rounds) : measureOnHeld(work, rounds);
}

/** Each run begins with an empty account and an empty state directory. */
async function measureCreates(work, rounds) {
  const { count, latency } = work;
  const floor = [];
  const ours = [];
  for (let round = 0; round < rounds; round += 1) {
    await onSandbox({ latency }, async (platform) => {
      floor.push(await withRequests(platform, () => runFloor(platform.url, 'create', count)));
    });
    await onSandbox({ latency }, (platform) =>
      inFolder(platform.url, async (place) => {
        writeConfiguration(place.config, { count });
        ours.push(await withRequests(platform, () => runCallbackd(place, 'apply', '--yes')));
      }),
    );
  }
  return { floor, ours };
}

/** The account holds everything and callbackd has adopted it before the first run. */
function measureOnHeld(work, rounds) {
  const { what, count, latency } = work;
  return onSandbox({ latency, held: count }, (platform) =>
    inFolder(platform.url, async (place) => {
      const floor = [];
      const ours = [];
      writeConfiguration(place.config, { count });
      await runCallbackd(place, 'apply', '--yes');
      for (let round = 0; round < rounds; round += 1) {
        floor.push(await withRequests(platform, () => runFloor(platform.url, what, count)));
        // The floor's change moved the first app; here it moves to yet another place.
        if (what === 'change') writeConfiguration(place.config, { count, moved: `moved-${round}` });
        const words = what === 'plan' ? ['plan'] : ['apply', '--yes'];
        ours.push(await withRequests(platform, () => runCallbackd(place, ...words)));
      }
      return { floor, ours };
    }),
  );
}

async function withRequests(platform, run) {
  await platform.take();
  const { startedAt, ...usage } = await run();
  const { total, counts, firstAt } = await platform.take();
  return { ...usage, requests: total, counts, firstMs: firstAt - startedAt };
}
