import { expect, it } from 'vitest';
import { generateScenario } from '../../src/rehearsal/generate-scenario.ts';
import { replayWorld } from '../../src/rehearsal/run-worlds.ts';
import { BROKEN_GUARDS } from './broken-guards.ts';

it('tells the same world twice from one seed, line by line', async () => {
  const first = await replayWorld(7);
  const second = await replayWorld(7);
  expect(first.trace.length).toBeGreaterThan(20);
  expect(second).toEqual(first);
});

it('makes a failing world small: one incident is left, and the promise is still broken', async () => {
  const guard = BROKEN_GUARDS.find(({ name }) => name === 'a POST that got no answer is sent again');
  if (guard === undefined) throw new Error('no such guard');
  const { scenario, violation, trace } = await replayWorld(1, guard.mutations);
  expect(violation?.promise).toBe('G1');
  expect(scenario.faultPlan).toHaveLength(1);
  expect(scenario.entries.length).toBeLessThan(generateScenario(1).entries.length);
  expect(trace.at(-1) ?? '').toContain('G1');
});
