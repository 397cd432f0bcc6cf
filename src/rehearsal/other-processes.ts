/**
 * Processes beside the daemon. Somebody runs `plan`: it must write nothing anywhere (G6), and planning twice on the same
 * facts must give the same bytes (G10). Somebody starts a second daemon: it must be turned away (G12).
 */

import { type Disk, DiskError } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';
import { PlatformError } from '../model/calls.ts';
import type { ObservedState } from '../model/observed.ts';
import { planRound } from '../reconcile/plan-round.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import { readState } from '../record/load-state.ts';
import { openStateStore } from '../record/open-state-store.ts';
import { StateLockedError } from '../record/state-errors.ts';
import { loadConfiguration } from '../source/load-configuration.ts';
import { LOG_BOUNDS } from './daemon-process.ts';
import { createLife, type Life } from './life.ts';
import { processTable } from './process-table.ts';
import { openAccount } from './simulated-account.ts';
import type { World } from './world.ts';
import { BASE_URL, CONFIG_PATH, STATE_DIR } from './write-configuration.ts';

/** Numbers of processes that are not the daemon. */
const OTHERS_FROM = 10_000;

export async function runPlanBeside(world: World): Promise<void> {
  const life = begin(world);
  try {
    await planTwice(world, life);
  } catch (error) {
    const isTrouble = error instanceof PlatformError || error instanceof DiskError;
    if (!isTrouble) world.scene.violate('G5', `a plan beside the daemon failed: ${String(error)}`);
  }
  life.end();
}

async function planTwice(world: World, life: Life): Promise<void> {
  const { operator, chance, options, scene } = world;
  const files = operator.files;
  const loaded = await loadConfiguration({
    path: CONFIG_PATH,
    environment: {},
    files,
    validator: options.validator,
  });
  if (!loaded.ok) return;
  const { desired, settings } = loaded.configuration;
  const disk = forbidWrites(mount(world, life), (what) => scene.violate('G6', `plan wrote: ${what}`));
  const transport = world.network.connect(life);
  const log = (line: string) => world.log.push(line);
  const { observer } = openAccount(settings.platform, {
    ...{ life, operator, chance, transport, log },
    sabotage: options.sabotage ?? {},
  });
  const state = await readState({ disk, dir: STATE_DIR, endpoint: BASE_URL });
  const request = {
    ...{ desired, policy: settings.policy, endpoint: BASE_URL },
    mode: 'person' as const,
    grants: { allowDeletes: false, subjects: new Set<string>() },
    signal: new AbortController().signal,
  };
  const now = life.clock.now();
  const deps = { now: () => now, digest: sha256 };
  const first = await planRound({ ...deps, observer }, state, request);
  const second = await planRound({ ...deps, observer: replay(first.observed) }, state, request);
  world.log.push(JSON.stringify(first.plan));
  if (JSON.stringify(first.plan) !== JSON.stringify(second.plan)) {
    scene.violate('G10', 'two plans of the same facts differ');
  }
}

/** Shows again what was observed. */
function replay(observed: ObservedState): AccountObserver {
  const { listedAt } = observed;
  const apps = [...observed.apps.values()];
  return {
    list: async () => ({ apps, pages: 1, startedAt: listedAt, endedAt: listedAt }),
    answer: async () => observed,
  };
}

export async function runSecondDaemon(world: World): Promise<void> {
  const life = begin(world);
  const { clock } = life;
  const disk = mount(world, life);
  try {
    const store = await openStateStore({
      disk: world.options.sabotage?.disk?.(disk) ?? disk,
      dir: STATE_DIR,
      endpoint: BASE_URL,
      clock,
      random: () => world.chance.next(),
      process: processTable(world, life),
      logBounds: LOG_BOUNDS,
    });
    if (world.store !== undefined) world.scene.violate('G12', 'two processes hold the state at once');
    await store.close();
  } catch (error) {
    const isExpected = error instanceof StateLockedError || error instanceof DiskError;
    if (!isExpected) world.scene.violate('G12', `a second daemon failed: ${String(error)}`);
  }
  life.end();
  world.others.delete(life);
}

function begin(world: World): Life {
  const number = OTHERS_FROM + world.others.size;
  const life = createLife({ number, clock: world.clock, onStep: () => {} });
  world.others.add(life);
  return life;
}

function mount(world: World, life: Life): Disk {
  return world.disk.mount({ life, chance: world.chance, fault: () => undefined });
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
