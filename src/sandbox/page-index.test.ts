import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatPageToken, PageIndex, parsePageToken } from './account.ts';

interface Item {
  readonly rank: number;
}

const everything = () => true;

function fill(ranks: readonly number[]) {
  const index = new PageIndex<Item>();
  const items = new Map(ranks.map((rank) => [rank, { rank }]));
  for (const item of items.values()) index.insert(item);
  return { index, items };
}

function walk(index: PageIndex<Item>, size: number, between: () => void = () => {}): number[] {
  const seen: number[] = [];
  for (let after = Number.NEGATIVE_INFINITY; ; ) {
    const { items, following } = index.cut({ after, size, isVisible: everything });
    seen.push(...items.map((item) => item.rank));
    if (following === undefined) return seen;
    after = items.at(-1)?.rank as number;
    between();
  }
}

it('covers every item once, in order, whatever the page size', () => {
  const ranks = fc.uniqueArray(fc.integer(), { maxLength: 200 });
  fc.assert(
    fc.property(ranks, fc.integer({ min: 1, max: 50 }), (unsorted, size) => {
      const { index } = fill(unsorted);
      expect(walk(index, size)).toEqual([...unsorted].sort((left, right) => left - right));
    }),
  );
});

it('shows what is there throughout exactly once while others come and go between the pages', () => {
  const ranks = fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), { minLength: 30, maxLength: 120 });
  fc.assert(
    fc.property(ranks, fc.array(fc.nat(3000), { minLength: 10 }), (all, changes) => {
      const { index, items } = fill(all);
      const touched = new Set<number>();
      const queue = [...changes];
      const seen = walk(index, 7, () => {
        const rank = queue.pop();
        if (rank === undefined) return;
        touched.add(rank);
        const item = items.get(rank);
        if (item === undefined) {
          items.set(rank, { rank });
          index.insert(items.get(rank) as Item);
        } else {
          index.remove(item);
          items.delete(rank);
        }
      });
      const steady = all.filter((rank) => !touched.has(rank));
      for (const rank of steady) expect(seen.filter((other) => other === rank)).toEqual([rank]);
      expect(new Set(seen).size).toBe(seen.length);
    }),
  );
});

it('agrees with a sorted array through thousands of changes', () => {
  const { index, items } = fill([]);
  let state = 1;
  for (let step = 0; step < 6000; step += 1) {
    state = (state * 48271) % 2147483647;
    const rank = state % 3000;
    const item = items.get(rank);
    if (item === undefined) {
      items.set(rank, { rank });
      index.insert(items.get(rank) as Item);
    } else {
      index.remove(item);
      items.delete(rank);
    }
  }
  expect(items.size).toBeGreaterThan(1000);
  expect(walk(index, 50)).toEqual([...items.keys()].sort((left, right) => left - right));
});

it('reads its own page tokens back and no others', () => {
  for (const rank of [0, 1, -5, 2 ** 52]) expect(parsePageToken(formatPageToken(rank))).toBe(rank);
  expect(parsePageToken('')).toBe(Number.NEGATIVE_INFINITY);
  for (const foreign of ['1752492196', 'x', '%%', formatPageToken(1).slice(2)]) {
    expect(parsePageToken(foreign)).toBeUndefined();
  }
});
