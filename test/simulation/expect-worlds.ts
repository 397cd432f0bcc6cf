/** What the two halves of the simulation share: a range of seeds in which every promise must hold. */

import { expect } from 'vitest';
import { say } from '../../src/messages/say.ts';
import { runWorlds } from '../../src/rehearsal/run-worlds.ts';

/** Both halves together; each runs in a process of its own, so that two cores share the work. */
export const WORLDS_PER_HALF = 1_000;

export async function expectWorldsToHold(from: number): Promise<void> {
  const result = await runWorlds({ from, count: WORLDS_PER_HALF });
  const broken = result.failures.map(
    ({ seed, violation }) =>
      `${violation.promise}: ${say(violation.message)}; replay: npm run simulate -- --seed ${seed}`,
  );
  expect(broken).toEqual([]);
  expect(result.worlds).toBe(WORLDS_PER_HALF);
  expect(result.crashes).toBeGreaterThan(WORLDS_PER_HALF / 2);
  expect(result.requestsToConvergeMax).toBeLessThan(REQUESTS_TO_CONVERGE_MAX);
}

/**
 * G11 promises a bounded number of calls; worlds of up to a dozen entries were never seen to need half of
 * this.
 */
const REQUESTS_TO_CONVERGE_MAX = 300;
