import { expect, it } from 'vitest';
import { shrinkStory } from './shrink-story.ts';
import type { Incident, Story } from './story.ts';
import { tellStory } from './tell-story.ts';

const stop = (at: number): Incident => ({ kind: 'stop', at });
const timesOf = ({ incidents }: Story) => incidents.flatMap((it) => (it.kind === 'stop' ? [it.at] : []));

it('leaves just the incidents that the failure needs, however far apart they stand', async () => {
  const story: Story = { ...tellStory(1), incidents: Array.from({ length: 23 }, (_, at) => stop(at)) };
  let runs = 0;
  const smallest = await shrinkStory(story, async (candidate) => {
    runs += 1;
    const times = timesOf(candidate);
    return times.includes(2) && times.includes(21);
  });
  expect(timesOf(smallest)).toEqual([2, 21]);
  expect(smallest.entries).toEqual([]);
  expect(runs).toBeLessThan(150);
});

it('keeps the story whole when everything in it is needed', async () => {
  const story = tellStory(4);
  expect(await shrinkStory(story, async (candidate) => candidate === story)).toEqual(story);
});
