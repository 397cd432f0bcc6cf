/**
 * One whole world: the emulated platform, the wire, the disk, the operator and one daemon after another, on one virtual
 * clock. A story goes in, the promises it broke come out. Equal stories give equal worlds.
 */

import { StandstillError } from '../lib/virtual-clock.ts';
import type { Plan } from '../model/plan.ts';
import type { Violation } from '../model/promise.ts';
import { createWorld } from './build-world.ts';
import { befall, endTrouble } from './incidents.ts';
import { endLife, liveOn } from './live-on.ts';
import type { Story } from './story.ts';
import { explainUnfinished } from './watch-rounds.ts';
import { searchSecrets } from './watch-secrets.ts';
import { timeOf, type World, type WorldOptions } from './world.ts';

export interface WorldResult {
  readonly violations: readonly Violation[];
  readonly requests: number;
  readonly steps: number;
  readonly lives: number;
  readonly rounds: number;
  /** Requests from the end of the trouble until everything had converged. */
  readonly requestsToConverge: number;
  readonly virtualMs: number;
  /** From the end of the trouble until there was nothing left to do; undefined when that never came. */
  readonly recoveryMs: number | undefined;
  /** What a round costs once there is nothing to do. */
  readonly requestsPerQuietRound: number;
  readonly diskOperations: number;
  /** The plan of the last round that made one. */
  readonly lastPlan: Plan | undefined;
}

/** From the end of the trouble. The longest wait is the hour of a backoff or of a contest, after trouble of its own. */
const PATIENCE_MS = 6 * 60 * 60 * 1000;

/** Runs the story to its end: broken promise, convergence, or the end of patience. */
export async function runWorld(story: Story, options: WorldOptions): Promise<WorldResult> {
  const world = createWorld(story, options);
  world.clock.after(story.troubleEndsAt, () => makePeace(world));
  world.clock.after(story.troubleEndsAt + (story.patienceMs ?? PATIENCE_MS), () => {
    if (!world.isFinished) world.scene.violate('G11', explainUnfinished(world));
  });
  for (const incident of story.incidents) befall(world, incident);
  const living = liveOn(world);
  try {
    await world.clock.run(() => world.isFinished);
  } catch (error) {
    if (!(error instanceof StandstillError)) throw error;
    world.scene.violate('G11', 'the daemon waits for something that never comes');
  }
  if (world.life !== undefined) endLife(world, world.life);
  void living;
  searchSecrets(world.scene, { files: world.disk.files(), log: world.log }, world.tokens);
  return sumUp(world);
}

function sumUp(world: World): WorldResult {
  const { violations, steps, lives, rounds, diskOperations, lastPlan, quietFrom, quiet } = world;
  const { troubleEndsAt } = world.story;
  const requests = world.network.exchanges.length;
  return {
    ...{ violations, requests, steps, lives, rounds, diskOperations, lastPlan },
    requestsToConverge: requests - world.requestsAtPeace,
    virtualMs: world.clock.monotonic(),
    recoveryMs: quietFrom === undefined ? undefined : (world.busyAt ?? troubleEndsAt) - troubleEndsAt,
    requestsPerQuietRound: quietFrom === undefined || quiet < 2 ? 0 : (requests - quietFrom) / (quiet - 1),
  };
}

function makePeace(world: World): void {
  world.options.trace?.(`${timeOf(world)} the trouble is over`);
  endTrouble(world);
  world.requestsAtPeace = world.network.exchanges.length;
}
