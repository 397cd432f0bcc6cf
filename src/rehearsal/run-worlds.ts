/** Many worlds one after the other: seeds go in, what they cost and which of them broke a promise comes out. */

import { createMemoryFiles } from '../lib/memory-file-reader.ts';
import type { PromiseName, Violation } from '../model/promise.ts';
import { createConfigurationValidator, loadConfiguration } from '../source/load-configuration.ts';
import type { ShapeValidator } from '../source/validate-shape.ts';
import { runWorld, type WorldResult } from './run-world.ts';
import type { Sabotage } from './sabotage.ts';
import { shrinkStory } from './shrink-story.ts';
import type { Story } from './story.ts';
import { tellStory } from './tell-story.ts';
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
  /** The most requests that any world needed to converge once its trouble was over. */
  readonly requestsToConvergeMax: number;
  /** Virtual time that passed in all of them together. */
  readonly virtualMs: number;
}

interface WorldsOptions {
  readonly sabotage?: Sabotage;
  /** Ends with the first world that breaks one of these. */
  readonly untilBroken?: readonly PromiseName[];
}

/**
 * The validator that all worlds share. Reads a plain file and a broken one with it first: what is loaded on first use is then
 * loaded, and no world waits for the real disk while its own time stands still.
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
  const { sabotage = {}, untilBroken = [] } = options;
  const total = { worlds: 0, requests: 0, crashes: 0, rounds: 0, requestsToConvergeMax: 0, virtualMs: 0 };
  const failures: FailedWorld[] = [];
  for (let seed = range.from; seed < range.from + range.count; seed += 1) {
    const result = await runWorld(tellStory(seed), { validator, sabotage });
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
  total.crashes += result.lives - 1;
  total.rounds += result.rounds;
  total.requestsToConvergeMax = Math.max(total.requestsToConvergeMax, result.requestsToConverge);
  total.virtualMs += result.virtualMs;
}

interface Retold {
  /** The whole story when nothing was broken, else the smallest one that breaks the same promise. */
  readonly story: Story;
  readonly violation: Violation | undefined;
  /** What happened in it, one line each. */
  readonly trace: readonly string[];
}

/** Runs one world again, makes its story small if it fails, and tells what happens in it. */
export function retellWorld(seed: number, sabotage: Sabotage = {}): Promise<Retold> {
  return retellStory(tellStory(seed), sabotage);
}

/** The same for a story that is at hand. */
export async function retellStory(whole: Story, sabotage: Sabotage = {}): Promise<Retold> {
  const validator = await prepareWorlds();
  const run = async (story: Story, trace?: (line: string) => void) => {
    const result = await runWorld(story, { validator, sabotage, ...(trace === undefined ? {} : { trace }) });
    return result.violations[0];
  };
  const first = await run(whole);
  const story =
    first === undefined
      ? whole
      : await shrinkStory(whole, async (smaller) => (await run(smaller))?.promise === first.promise);
  const trace: string[] = [];
  const violation = await run(story, (line) => trace.push(line));
  return { story, violation, trace };
}
