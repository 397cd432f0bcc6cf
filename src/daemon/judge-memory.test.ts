/** The advice about memory, at the sizes that were measured. */
import { describe, expect, it } from 'vitest';
import { explainShortMemory, type MemoryBounds } from './judge-memory.ts';

const MIB = 1_048_576;
const bounds = (all: number, heap: number): MemoryBounds => ({ all: all * MIB, heap: heap * MIB });
/** What Node 20 takes of as much memory. */
const SMALL = bounds(128, 259);
const HALF = bounds(512, 259);
const WHOLE = bounds(1_024, 524);
const LARGE = bounds(8_192, 2_096);

describe('so many apps', () => {
  it.each([
    [0, HALF],
    [50_000, HALF],
    [100_000, WHOLE],
    [5_000, SMALL],
    [400_000, LARGE],
  ])('%i fit, %o', (apps, room) => {
    expect(explainShortMemory(apps, room)).toBeUndefined();
  });

  it.each([
    [60_000, HALF, 'allow 600 MiB (MemoryMax= of the unit, the limit of the container)'],
    [100_000, HALF, 'allow 1000 MiB (MemoryMax= of the unit, the limit of the container)'],
    // The kernel would end it: the heap alone may be larger than the memory.
    [20_000, SMALL, 'allow 200 MiB (MemoryMax= of the unit, the limit of the container)'],
    // There is memory enough, but not for the heap.
    [500_000, LARGE, 'set NODE_OPTIONS=--max-old-space-size=2400'],
    [100_000, bounds(8_192, 400), 'set NODE_OPTIONS=--max-old-space-size=500'],
    [
      500_000,
      WHOLE,
      'allow 4800 MiB (MemoryMax= of the unit, the limit of the container) and set NODE_OPTIONS=--max-old-space-size=2400',
    ],
  ])('%i do not, %o', (apps, room, cure) => {
    expect(explainShortMemory(apps, room)).toMatch(
      new RegExp(`^${apps} apps may need \\d+ MiB, and this process has `),
    );
    expect(explainShortMemory(apps, room)?.split(': ')[1]).toBe(cure);
  });
});
