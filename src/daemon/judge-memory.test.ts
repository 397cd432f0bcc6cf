/** The advice about memory, at the sizes that were measured. */
import { expect, it } from 'vitest';
import { explainShortMemory } from './judge-memory.ts';

/** What Node takes of 512 MB and of 1 GB, in bytes. */
const OF_512_MB = 259 * 1_048_576;
const OF_1_GB = 524 * 1_048_576;

it('is silent where so many apps were adopted in so much memory', () => {
  expect(explainShortMemory(0, OF_512_MB)).toBeUndefined();
  expect(explainShortMemory(50_000, OF_512_MB)).toBeUndefined();
  expect(explainShortMemory(100_000, OF_1_GB)).toBeUndefined();
});

it('names what is needed where so many apps ended the process', () => {
  expect(explainShortMemory(100_000, OF_512_MB)).toBe(
    '100000 apps may need 500 MB of heap, and this process gets 272 MB, half of the memory of its unit, container or host: ' +
      'allow 1000 MB (MemoryMax= of the unit, limits of the container)',
  );
  expect(explainShortMemory(500_000, OF_1_GB)).toContain('allow 5000 MB');
});
