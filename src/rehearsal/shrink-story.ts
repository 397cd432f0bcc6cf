/** Makes a failing story small: takes out what it can do without, until nothing more can go. Knows no world itself. */

import type { Story } from './story.ts';

/** Whether a story still breaks the same promise. */
export type StillFails = (story: Story) => Promise<boolean>;

type Part = 'incidents' | 'found' | 'entries';

/**
 * The smallest story found that still fails. Removes halves first, then quarters, down to single items, of the incidents,
 * then of the apps that were there before, then of the entries.
 */
export async function shrinkStory(story: Story, stillFails: StillFails): Promise<Story> {
  let smallest = story;
  for (const part of ['incidents', 'found', 'entries', 'incidents'] as const) {
    smallest = await shrinkPart(smallest, part, stillFails);
  }
  return smallest;
}

async function shrinkPart(story: Story, part: Part, stillFails: StillFails): Promise<Story> {
  let smallest = story;
  let size = Math.ceil(smallest[part].length / 2);
  while (size >= 1) {
    let start = 0;
    while (start < smallest[part].length) {
      const kept = smallest[part].filter((_, place) => place < start || place >= start + size);
      const candidate: Story = { ...smallest, [part]: kept };
      if (await stillFails(candidate)) smallest = candidate;
      else start += size;
    }
    size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return smallest;
}
