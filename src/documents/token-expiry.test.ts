import { expect, it } from 'vitest';
import { say } from '../messages/say.ts';
import { describeExpiry, expiryStep } from './token-expiry.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 1);

it.each([
  [14 * DAY + 1, undefined, '14 days'],
  [14 * DAY, 14, '14 days'],
  [7 * DAY + 1, 14, '7 days'],
  [7 * DAY, 7, '7 days'],
  [DAY + 1, 7, '1 day'],
  [DAY, 1, '1 day'],
  [1, 1, 'less than a day'],
  [0, 0, 'ended'],
  [-DAY, 0, 'ended'],
])('with %i ms left the step is %s', (left, step, words) => {
  expect(expiryStep(NOW + left, NOW)).toBe(step);
  expect(say(describeExpiry(NOW + left, NOW))).toContain(words);
});
