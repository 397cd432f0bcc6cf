/** Durations are numbers with units, and nothing else. */
import { expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

it.each([
  ['0s', 0],
  ['300ms', 300],
  ['15s', 15_000],
  ['1h30m', 5_400_000],
  ['7d', 604_800_000],
  ['1m1ms', 60_001],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(['', '15', 's', '1.5h', '-1s', '1 s', '15S', '1w', '9999999999s', 'PT1S'])('%j is none', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
