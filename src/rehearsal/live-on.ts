/** One process after another, for as long as the world lasts: started again after every stop, crash and failure. */

import type { DaemonControl } from '../daemon/daemon-control.ts';
import type { ReceiverVerdict } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';
import type { StateStore } from '../record/open-state-store.ts';
import { NO_CONFIGURATION, runProcess } from './daemon-process.ts';
import { crashAtStep, faultOfDisk, isRefused } from './incidents.ts';
import { createLife, type Life } from './life.ts';
import { processTable } from './process-table.ts';
import { createSignals, type Signals } from './signals.ts';
import { checkIsolation, noteRound } from './watch-rounds.ts';
import { timeOf, type World } from './world.ts';

/** Starting again takes a service manager about this long. */
const RESTART_MS = 3_000;
const RESTART_AFTER_FAILURE_MS = 20_000;

/** Runs until the world is finished. */
export async function liveOn(world: World): Promise<void> {
  while (!world.isFinished) {
    world.lives += 1;
    const life = createLife({ number: world.lives, clock: world.clock, onStep: () => noteStep(world) });
    world.life = life;
    world.signals = createSignals();
    world.options.trace?.(`${timeOf(world)} life ${life.number} begins`);
    const crashed = new Promise<string>((resolve) => {
      world.onLifeEnded = () => resolve('crashed');
    });
    const how = await Promise.race([
      crashed,
      runProcess(processDeps(world, life)).then(() => 'stopped', describe),
    ]);
    world.options.trace?.(`${timeOf(world)} life ${life.number} ends: ${how}`);
    if (how.includes(NO_CONFIGURATION)) checkLastGood(world);
    endLife(world, life);
    await world.clock.sleep(how.startsWith('failed') ? RESTART_AFTER_FAILURE_MS : RESTART_MS);
  }
}

/** Nothing of the process has an effect any more; its timers and listeners are let go, so that nothing is left of it. */
export function endLife(world: World, life: Life): void {
  life.end();
  world.endsOf.set(life, world.clock.now());
  world.signals?.send('stop');
  world.life = undefined;
  world.store = undefined;
  world.control = undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? `failed: ${error.message}` : 'failed';
}

function processDeps(world: World, life: Life) {
  const { operator, chance, story, options, disk, network } = world;
  const { sabotage = {}, validator } = options;
  return {
    ...{ life, operator, chance, validator, sabotage },
    disk: disk.mount({ life, chance, fault: (operation, path) => faultOfDisk(world, operation, path) }),
    transport: network.connect(life),
    deliversTokens: story.rules.deliversTokens,
    checkReceiver: (url: string): ReceiverVerdict =>
      isRefused(url, world.refusing)
        ? { ok: false, stage: 'http', message: 'the receiver answers with HTTP 500' }
        : { ok: true },
    signals: world.signals as Signals,
    processes: processTable(world, life),
    log: (line: string) => {
      if (life.isAlive()) world.log.push(line);
    },
    onOpened: (store: StateStore) => {
      world.store = store;
      world.stateWatch.checkOpened(world.scene, store.state);
    },
    follow: (store: StateStore) => world.stateWatch.follow(store, life, world.scene),
    onControl: (control: DaemonControl) => {
      world.control = control;
    },
    onRoundBegan: () => {
      world.rounds += 1;
      world.roundsOf.set(life, world.clock.now());
    },
    onRoundEnded: (report: RoundReport, wasStopped: boolean) => {
      if (!life.isAlive()) return;
      if (!wasStopped) checkIsolation(world, report);
      noteRound(world, report);
    },
  };
}

/** G8: once a configuration was in force, a daemon starts on it again, however broken the file is. */
function checkLastGood(world: World): void {
  const hasDiskTrouble = world.story.incidents.some((it) => it.kind === 'disk');
  if (world.rounds > 0 && !hasDiskTrouble) {
    world.scene.violate('G8', 'the daemon does not start on the last good configuration');
  }
}

function noteStep(world: World): void {
  world.steps += 1;
  if (world.clock.monotonic() <= world.story.troubleEndsAt) crashAtStep(world);
}
