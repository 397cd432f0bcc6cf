import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWorlds } from '../../src/rehearsal/run-worlds.ts';
import { BROKEN_GUARDS } from './broken-guards.ts';

/** The rarest of them was caught within half of this. */
const SEEDS_MAX = 600;
const PROMISES = path.resolve(import.meta.dirname, '../../docs/promises.md');

describe('the simulator notices when', () => {
  for (const { name, breaks, sabotage } of BROKEN_GUARDS) {
    it(name, { timeout: 300_000 }, async () => {
      const result = await runWorlds({ from: 1, count: SEEDS_MAX }, { sabotage, untilBroken: breaks });
      expect(breaks).toContain(result.failures.at(-1)?.violation.promise);
    });
  }
});

it('lists the same broken guards in docs/promises.md', () => {
  const rows = readFileSync(PROMISES, 'utf8')
    .split('\n')
    .flatMap((line) => /^\| ([^|]+?) +\| (G[\d, G]+?) +\| \d+ +\|$/.exec(line)?.slice(1, 3) ?? [])
    .join('\n');
  expect(rows).toBe(BROKEN_GUARDS.flatMap(({ name, breaks }) => [name, breaks.join(', ')]).join('\n'));
});
