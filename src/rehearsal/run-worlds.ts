/** Runs many worlds one after another, and replays a single one. */

import { createMemoryFiles } from '../lib/file-reader.ts';
import type { PromiseName, Violation } from '../model/promise.ts';
import { createConfigurationValidator, loadConfiguration } from '../source/load-configuration.ts';
import type { ShapeValidator } from '../source/validate-shape.ts';
import { generateScenario } from './generate-scenario.ts';
import type { Mutations } from './mutations.ts';
import { runWorld, type WorldResult } from './run-world.ts';
import type { Scenario } from './scenario.ts';
import { shrinkScenario } from './shrink.ts';
import { CONFIG_PATH } from './write-configuration.ts';

interface FailedWorld {
  readonly seed: number;
  readonly violation: Violation;
}

export interface WorldsResult {
  readonly worlds: number;
  readonly failures: readonly FailedWorld[];
  readonly requests: number;
  readonly crashes: number;
  readonly rounds: number;
  /** The most requests any world needed to converge after its faults. */
  readonly requestsToConvergeMax: number;
  /** Virtual time of all worlds together. */
  readonly virtualMs: number;
}

interface WorldsOptions {
  readonly mutations?: Mutations;
  /** Stops at the first world that breaks one of these. */
  readonly untilBroken?: readonly PromiseName[];
}

/**
 * The validator that all worlds share. A valid and a broken file are read first, so that modules loaded on
 * first use are in memory and no world waits for the real disk while its virtual time stands still.
 */
export async function prepareWorlds(): Promise<ShapeValidator> {
  const validator = await createConfigurationValidator();
  for (const text of ['version: 1\napps: {}\n', '{']) {
    const files = createMemoryFiles(new Map([[CONFIG_PATH, text]]));
    await loadConfiguration({ path: CONFIG_PATH, environment: {}, files, validator });
  }
  return validator;
}

/** Runs the worlds of the seeds `from`, `from + 1`, ... */
export async function runWorlds(
  range: { readonly from: number; readonly count: number },
  options: WorldsOptions = {},
): Promise<WorldsResult> {
  const validator = await prepareWorlds();
  const { mutations = {}, untilBroken = [] } = options;
  const total = { worlds: 0, requests: 0, crashes: 0, rounds: 0, requestsToConvergeMax: 0, virtualMs: 0 };
  const failures: FailedWorld[] = [];
  for (let seed = range.from; seed < range.from + range.count; seed += 1) {
    const result = await runWorld(generateScenario(seed), { validator, mutations });
    add(total, result);
    const [violation] = result.violations;
    if (violation === undefined) continue;
    failures.push({ seed, violation });
    if (untilBroken.includes(violation.promise)) break;
  }
  return { ...total, failures };
}

function add(
  total: { -readonly [Field in Exclude<keyof WorldsResult, 'failures'>]: number },
  result: WorldResult,
): void {
  total.worlds += 1;
  total.requests += result.requests;
  total.crashes += result.starts - 1;
  total.rounds += result.rounds;
  total.requestsToConvergeMax = Math.max(total.requestsToConvergeMax, result.requestsToConverge);
  total.virtualMs += result.virtualMs;
}

interface Replay {
  /**
   * The scenario as it is when every promise held, else shrunk to the smallest that breaks the same promise.
   */
  readonly scenario: Scenario;
  readonly violation: Violation | undefined;
  /** One line per event. */
  readonly trace: readonly string[];
}

/** Replays one world, shrunk if it fails, with a trace. */
export function replayWorld(seed: number, mutations: Mutations = {}): Promise<Replay> {
  return replayScenario(generateScenario(seed), mutations);
}

/** The same for a given scenario. */
export async function replayScenario(whole: Scenario, mutations: Mutations = {}): Promise<Replay> {
  const validator = await prepareWorlds();
  const run = async (scenario: Scenario, trace?: (line: string) => void) => {
    const result = await runWorld(scenario, {
      validator,
      mutations,
      ...(trace === undefined ? {} : { trace }),
    });
    return result.violations[0];
  };
  const first = await run(whole);
  const scenario =
    first === undefined
      ? whole
      : await shrinkScenario(whole, async (smaller) => (await run(smaller))?.promise === first.promise);
  const trace: string[] = [];
  const violation = await run(scenario, (line) => trace.push(line));
  return { scenario, violation, trace };
}
