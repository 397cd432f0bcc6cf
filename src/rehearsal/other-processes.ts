/**
 * Processes beside the daemon: a `plan`, which must write nothing (G6) and be deterministic (G10), and a
 * second daemon, which must be refused (G12).
 */

import { type Disk, DiskError } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';
import { message } from '../messages/message.ts';
import { PlatformError } from '../model/calls.ts';
import type { ObservedState } from '../model/observed.ts';
import { planRound } from '../reconcile/plan-round.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import { readElapsedClock } from '../record/elapsed-time.ts';
import { readState } from '../record/load-state.ts';
import { openStateStore } from '../record/open-state-store.ts';
import { StateLockedError } from '../record/state-errors.ts';
import { loadConfiguration } from '../source/load-configuration.ts';
import { LOG_BOUNDS } from './daemon-process.ts';
import { createInstance, createProcessTable, type ProcessInstance } from './process-instance.ts';
import { openAccount } from './simulated-account.ts';
import type { World } from './world.ts';
import { BASE_URL, CONFIG_PATH, STATE_DIR } from './write-configuration.ts';

/** First number of processes other than the daemon. */
const OTHERS_FROM = 10_000;

export async function runPlanBeside(world: World): Promise<void> {
  const instance = begin(world);
  try {
    await planTwice(world, instance);
  } catch (error) {
    const isInjected = error instanceof PlatformError || error instanceof DiskError;
    if (!isInjected)
      world.checkContext.violate('G5', message('rehearsal.plan_failed', { error: String(error) }));
  }
  instance.end();
}

async function planTwice(world: World, instance: ProcessInstance): Promise<void> {
  const { operator, rng, options, checkContext } = world;
  const files = operator.files;
  const loaded = await loadConfiguration({
    path: CONFIG_PATH,
    environment: {},
    files,
    validator: options.validator,
  });
  if (!loaded.ok) return;
  const { desired, settings } = loaded.configuration;
  const disk = forbidWrites(mount(world, instance), (what) =>
    checkContext.violate('G6', message('rehearsal.plan_wrote', { what })),
  );
  const transport = world.network.connect(instance);
  const log = (line: string) => world.log.push(line);
  const { observer } = openAccount(settings.platform, {
    ...{ instance, operator, rng, transport, log },
    mutations: options.mutations ?? {},
  });
  const state = await readState({ disk, dir: STATE_DIR, endpoint: BASE_URL });
  const request = {
    ...{ desired, policy: settings.policy, endpoint: BASE_URL },
    mode: 'person' as const,
    grants: { allowDeletes: false, subjects: new Set<string>() },
    signal: new AbortController().signal,
  };
  const now = readElapsedClock(state, instance.clock, `boot ${world.host.boots}`).now();
  const deps = { now: () => now, digest: sha256 };
  const first = await planRound({ ...deps, observer }, state, request);
  const second = await planRound({ ...deps, observer: replay(first.observed) }, state, request);
  world.log.push(JSON.stringify(first.plan));
  if (JSON.stringify(first.plan) !== JSON.stringify(second.plan)) {
    checkContext.violate('G10', message('rehearsal.plans_differ'));
  }
}

/** Replays what was observed. */
function replay(observed: ObservedState): AccountObserver {
  const { listedAt } = observed;
  const apps = [...observed.apps.values()];
  return {
    list: async () => ({ apps, pages: 1, startedAt: listedAt, endedAt: listedAt }),
    answer: async () => observed,
  };
}

export async function runSecondDaemon(world: World): Promise<void> {
  const instance = begin(world);
  const { clock } = instance;
  const disk = mount(world, instance);
  try {
    const store = await openStateStore({
      disk: world.options.mutations?.disk?.(disk) ?? disk,
      dir: STATE_DIR,
      endpoint: BASE_URL,
      clock,
      random: () => world.rng.next(),
      process: createProcessTable(instance, () => [world.instance, ...world.others]),
      logBounds: LOG_BOUNDS,
    });
    if (world.store !== undefined) world.checkContext.violate('G12', message('rehearsal.two_holders'));
    await store.close();
  } catch (error) {
    const isExpected = error instanceof StateLockedError || error instanceof DiskError;
    if (!isExpected)
      world.checkContext.violate('G12', message('rehearsal.second_daemon_failed', { error: String(error) }));
  }
  instance.end();
  world.others.delete(instance);
}

function begin(world: World): ProcessInstance {
  const number = OTHERS_FROM + world.others.size;
  const instance = createInstance({ number, clock: world.clock, host: world.host, onStep: () => {} });
  world.others.add(instance);
  return instance;
}

function mount(world: World, instance: ProcessInstance): Disk {
  return world.disk.mount({ instance, rng: world.rng, fault: () => undefined });
}

function forbidWrites(disk: Disk, onWrite: (what: string) => void): Disk {
  const forbid = (what: string) => async (): Promise<never> => {
    onWrite(what);
    throw new DiskError('write', what, 'EROFS');
  };
  return {
    ...disk,
    replace: forbid('replace'),
    duplicate: forbid('duplicate'),
    createExclusive: forbid('createExclusive'),
    openAppend: forbid('openAppend'),
    rename: forbid('rename'),
    remove: forbid('remove'),
    makeDirectory: forbid('makeDirectory'),
  };
}
