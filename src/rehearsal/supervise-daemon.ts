/** Restarts the daemon after every stop, crash and failure, as a service manager would. */

import type { DaemonControl } from '../daemon/daemon-control.ts';
import { message, verbatim } from '../messages/message.ts';
import type { ReceiverVerdict } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';
import type { StateStore } from '../record/open-state-store.ts';
import { checkIsolation, recordRound } from './check-rounds.ts';
import { NO_CONFIGURATION, runProcess } from './daemon-process.ts';
import { crashAtStep, faultOfDisk, isRefused } from './fault-injection.ts';
import { pauseOnArrival } from './interruptions.ts';
import {
  createInstance,
  createProcessTable,
  createSignals,
  type ProcessInstance,
  type Signals,
} from './process-instance.ts';
import { timeOf, type World } from './world.ts';

/** How long a service manager waits. */
const RESTART_MS = 3_000;
const RESTART_AFTER_FAILURE_MS = 20_000;

/** Runs until the world is finished. */
export async function superviseDaemon(world: World): Promise<void> {
  while (!world.isFinished) {
    world.starts += 1;
    const instance = createInstance({
      number: world.starts,
      clock: world.clock,
      host: world.host,
      onStep: () => countStep(world),
      onArrival: (arriving) => pauseOnArrival(world, arriving),
    });
    world.instance = instance;
    world.signals = createSignals();
    world.options.trace?.(`${timeOf(world)} life ${instance.number} begins`);
    const crashed = new Promise<string>((resolve) => {
      world.onInstanceEnded = () => resolve('crashed');
    });
    const how = await Promise.race([
      crashed,
      runProcess(processDeps(world, instance)).then(() => 'stopped', describe),
    ]);
    world.options.trace?.(`${timeOf(world)} life ${instance.number} ends: ${how}`);
    if (how.includes(NO_CONFIGURATION)) checkLastGood(world);
    endInstance(world, instance);
    await world.clock.sleep(how.startsWith('failed') ? RESTART_AFTER_FAILURE_MS : RESTART_MS);
  }
}

/** Ends the process: nothing it does has an effect any more, and its timers and listeners are released. */
export function endInstance(world: World, instance: ProcessInstance): void {
  instance.end();
  world.endsOf.set(instance, world.clock.now());
  world.signals?.send('stop');
  world.instance = undefined;
  world.store = undefined;
  world.control = undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? `failed: ${error.message}` : 'failed';
}

function processDeps(world: World, instance: ProcessInstance) {
  const { operator, rng, scenario, options, disk, network } = world;
  const { mutations = {}, validator } = options;
  return {
    ...{ instance, operator, rng, validator, mutations },
    disk: disk.mount({ instance, rng, fault: (operation, path) => faultOfDisk(world, operation, path) }),
    transport: network.connect(instance),
    deliversTokens: scenario.rules.deliversTokens,
    checkReceiver: (url: string): ReceiverVerdict =>
      isRefused(url, world.refusing)
        ? { ok: false, stage: 'http', message: verbatim('the receiver answers with HTTP 500') }
        : { ok: true },
    signals: world.signals as Signals,
    processes: createProcessTable(instance, () => [world.instance, ...world.others]),
    bootId: `boot ${world.host.boots}`,
    log: (line: string) => {
      if (instance.isAlive()) world.log.push(line);
    },
    onOpened: (store: StateStore) => {
      world.store = store;
      world.stateChecker.checkOpened(world.checkContext, store.state);
    },
    follow: (store: StateStore) => world.stateChecker.follow(store, instance, world.checkContext),
    onControl: (control: DaemonControl) => {
      world.control = control;
    },
    onRoundBegan: () => {
      world.rounds += 1;
      world.roundsOf.set(instance, world.clock.now());
    },
    onRoundEnded: (report: RoundReport, wasStopped: boolean) => {
      if (!instance.isAlive()) return;
      if (!wasStopped) checkIsolation(world, report);
      recordRound(world, report);
    },
  };
}

/** G8: once a configuration was active, a daemon restarts with it, however broken the file is. */
function checkLastGood(world: World): void {
  const hasDiskFaults = world.scenario.faultPlan.some((it) => it.kind === 'disk');
  if (world.rounds > 0 && !hasDiskFaults) {
    world.checkContext.violate('G8', message('rehearsal.no_last_good'));
  }
}

function countStep(world: World): void {
  world.steps += 1;
  if (world.clock.monotonic() <= world.scenario.faultsEndAt) crashAtStep(world);
}
