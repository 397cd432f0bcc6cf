import { expect, it } from 'vitest';
import { generateScenario } from './generate-scenario.ts';
import type { PlannedFault, Scenario } from './scenario.ts';
import { shrinkScenario } from './shrink.ts';

const stop = (at: number): PlannedFault => ({ kind: 'stop', at });
const timesOf = ({ faultPlan }: Scenario) => faultPlan.flatMap((it) => (it.kind === 'stop' ? [it.at] : []));

it('leaves just the faults that the failure needs, however far apart they stand', async () => {
  const scenario: Scenario = {
    ...generateScenario(1),
    faultPlan: Array.from({ length: 23 }, (_, at) => stop(at)),
  };
  let runs = 0;
  const smallest = await shrinkScenario(scenario, async (candidate) => {
    runs += 1;
    const times = timesOf(candidate);
    return times.includes(2) && times.includes(21);
  });
  expect(timesOf(smallest)).toEqual([2, 21]);
  expect(smallest.entries).toEqual([]);
  expect(runs).toBeLessThan(150);
});

it('keeps the scenario whole when everything in it is needed', async () => {
  const scenario = generateScenario(4);
  expect(await shrinkScenario(scenario, async (candidate) => candidate === scenario)).toEqual(scenario);
});
