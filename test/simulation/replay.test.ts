import { expect, it } from 'vitest';
import { retellWorld } from '../../src/rehearsal/run-worlds.ts';
import { tellStory } from '../../src/rehearsal/tell-story.ts';
import { BROKEN_GUARDS } from './broken-guards.ts';

it('tells the same world twice from one seed, line by line', async () => {
  const first = await retellWorld(7);
  const second = await retellWorld(7);
  expect(first.trace.length).toBeGreaterThan(20);
  expect(second).toEqual(first);
});

it('makes a failing world small: one incident is left, and the promise is still broken', async () => {
  const guard = BROKEN_GUARDS.find(({ name }) => name === 'a POST that got no answer is sent again');
  if (guard === undefined) throw new Error('no such guard');
  const { story, violation, trace } = await retellWorld(1, guard.sabotage);
  expect(violation?.promise).toBe('G1');
  expect(story.incidents).toHaveLength(1);
  expect(story.entries.length).toBeLessThan(tellStory(1).entries.length);
  expect(trace.at(-1) ?? '').toContain('G1');
});
