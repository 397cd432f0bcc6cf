/**
 * Runs one simulated world: platform, network, disk, operator and one daemon after another on one virtual
 * clock. Equal scenarios give equal worlds.
 */

import { StandstillError } from '../lib/virtual-clock.ts';
import { message } from '../messages/message.ts';
import type { Plan } from '../model/plan.ts';
import type { Violation } from '../model/promise.ts';
import { createWorld } from './build-world.ts';
import { explainUnfinished } from './check-rounds.ts';
import { findEchoes, searchSecrets } from './check-secrets.ts';
import { endFaults, scheduleFault } from './fault-injection.ts';
import type { PlannedFault, Scenario } from './scenario.ts';
import { endInstance, superviseDaemon } from './supervise-daemon.ts';
import { timeOf, type World, type WorldOptions } from './world.ts';

export interface WorldResult {
  readonly violations: readonly Violation[];
  readonly requests: number;
  readonly steps: number;
  readonly starts: number;
  readonly rounds: number;
  /** Requests from the end of the faults until convergence. */
  readonly requestsToConverge: number;
  readonly virtualMs: number;
  /** From the end of the faults until nothing was left to do; undefined if that never happened. */
  readonly recoveryMs: number | undefined;
  /** Requests per round with nothing to do. */
  readonly requestsPerQuietRound: number;
  readonly diskOperations: number;
  /** The plan of the last round that had one. */
  readonly lastPlan: Plan | undefined;
}

/** After the faults; the longest single waits are the hour of a backoff and of a contested field. */
const CONVERGE_WITHIN_MS = 6 * 60 * 60 * 1000;

/** Runs until a promise is broken, the world has converged, or the time for that is over. */
export async function runWorld(scenario: Scenario, options: WorldOptions): Promise<WorldResult> {
  const world = createWorld(scenario, options);
  world.clock.after(scenario.faultsEndAt, () => endFaultPhase(world));
  const standsMs = scenario.faultPlan.reduce((sum, fault) => sum + standsFor(fault), 0);
  const withinMs = standsMs + (scenario.convergeWithinMs ?? CONVERGE_WITHIN_MS);
  world.clock.after(scenario.faultsEndAt + withinMs, () => {
    if (!world.isFinished) world.checkContext.violate('G11', explainUnfinished(world));
  });
  for (const fault of scenario.faultPlan) scheduleFault(world, fault);
  const supervised = superviseDaemon(world);
  try {
    await world.clock.run(() => world.isFinished);
  } catch (error) {
    if (!(error instanceof StandstillError)) throw error;
    world.checkContext.violate('G11', message('rehearsal.standstill'));
  }
  if (world.instance !== undefined) endInstance(world, world.instance);
  void supervised;
  const secrets = [...world.tokens, ...findEchoes(world.network.exchanges)];
  searchSecrets(world.checkContext, { files: world.disk.files(), log: world.log }, secrets);
  return sumUp(world);
}

function standsFor(fault: PlannedFault): number {
  return 'pause' in fault ? (fault.pause?.forMs ?? 0) : 0;
}

function sumUp(world: World): WorldResult {
  const { violations, steps, starts, rounds, diskOperations, lastPlan, quietFrom, quiet } = world;
  const { faultsEndAt } = world.scenario;
  const requests = world.network.exchanges.length;
  return {
    ...{ violations, requests, steps, starts, rounds, diskOperations, lastPlan },
    requestsToConverge: requests - world.requestsAtFaultsEnd,
    virtualMs: world.clock.monotonic(),
    recoveryMs: quietFrom === undefined ? undefined : (world.busyAt ?? faultsEndAt) - faultsEndAt,
    requestsPerQuietRound: quietFrom === undefined || quiet < 2 ? 0 : (requests - quietFrom) / (quiet - 1),
  };
}

function endFaultPhase(world: World): void {
  world.options.trace?.(`${timeOf(world)} the trouble is over`);
  endFaults(world);
  world.requestsAtFaultsEnd = world.network.exchanges.length;
}
