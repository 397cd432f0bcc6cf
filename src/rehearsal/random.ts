/** A seeded random number generator: equal seeds give equal numbers on every machine. Not for secrets. */

export interface Rng {
  /** From 0 (included) to 1 (not included). */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True with probability `share` (0 to 1). */
  happens(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** An independent stream: drawing from it does not affect this one. */
  fork(name: string): Rng;
}

/** Streams with the same seed and name are equal. */
export function createRng(seed: number, name = ''): Rng {
  const next = mulberry32(mix(seed, name));
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    happens: (share) => next() < share,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    fork: (child) => createRng(seed, `${name}/${child}`),
  };
}

/** FNV-1a over the name, started from the seed, and a finalizer so that neighbouring seeds are far apart. */
function mix(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Tommy Ettinger's mulberry32 (public domain); 32 bits of state suffice for a few thousand draws. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
