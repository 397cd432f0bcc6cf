import { it } from 'vitest';
import { expectWorldsToHold, WORLDS_PER_HALF } from './expect-worlds.ts';

it(`keeps every promise in ${WORLDS_PER_HALF} worlds more`, { timeout: 1_200_000 }, () =>
  expectWorldsToHold(1 + WORLDS_PER_HALF),
);
