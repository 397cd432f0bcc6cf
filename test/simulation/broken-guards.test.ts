import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWorlds } from '../../src/rehearsal/run-worlds.ts';
import { BROKEN_GUARDS } from './broken-guards.ts';

/** The rarest of them was caught within half of this. */
const SEEDS_MAX = 2_000;

/** The rows of docs/promises.md: which guard, which promises, and the seed that caught it. */
const rows = readFileSync(path.resolve(import.meta.dirname, '../../docs/promises.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, name, breaks, seed] = /^\| ([^|]+?) +\| (G[\d, G]+?) +\| +(\d+) \|$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, breaks, seed: Number(seed) }];
  });

it('lists the same broken guards in docs/promises.md', () => {
  expect(rows.map(({ name, breaks }) => [name, breaks])).toEqual(
    BROKEN_GUARDS.map(({ name, breaks }) => [name, breaks.join(', ')]),
  );
});

describe('the simulator notices when', () => {
  for (const { name, breaks, mutations } of BROKEN_GUARDS) {
    it(name, { timeout: 300_000 }, async () => {
      const options = { mutations, untilBroken: breaks };
      const seed = rows.find((row) => row.name === name)?.seed ?? 1;
      const known = await runWorlds({ from: seed, count: 1 }, options);
      // A change of the code shifts what a seed does; then any of the first worlds will do.
      const isCaught = known.failures.some(({ violation }) => breaks.includes(violation.promise));
      const result = isCaught ? known : await runWorlds({ from: 1, count: SEEDS_MAX }, options);
      expect(breaks).toContain(result.failures.at(-1)?.violation.promise);
    });
  }
});
