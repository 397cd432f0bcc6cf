/** Shrinks a failing scenario to the smallest one that still fails. */

import type { Scenario } from './scenario.ts';

/** Whether a scenario still breaks the same promise. */
export type StillFails = (scenario: Scenario) => Promise<boolean>;

type Part = 'faultPlan' | 'found' | 'entries';

/**
 * Removes halves, then quarters, down to single items: of the fault plan, the existing apps and the entries,
 * and once more of the fault plan.
 */
export async function shrinkScenario(scenario: Scenario, stillFails: StillFails): Promise<Scenario> {
  let smallest = scenario;
  for (const part of ['faultPlan', 'found', 'entries', 'faultPlan'] as const) {
    smallest = await shrinkPart(smallest, part, stillFails);
  }
  return smallest;
}

async function shrinkPart(scenario: Scenario, part: Part, stillFails: StillFails): Promise<Scenario> {
  let smallest = scenario;
  let size = Math.ceil(smallest[part].length / 2);
  while (size >= 1) {
    let start = 0;
    while (start < smallest[part].length) {
      const kept = smallest[part].filter((_, place) => place < start || place >= start + size);
      const candidate: Scenario = { ...smallest, [part]: kept };
      if (await stillFails(candidate)) smallest = candidate;
      else start += size;
    }
    size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return smallest;
}
