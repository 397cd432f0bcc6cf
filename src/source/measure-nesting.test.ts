/** Bottomless text is refused before anything recurses over it; ordinary text never is. */
import { expect, it } from 'vitest';
import { findBottomlessNesting } from './measure-nesting.ts';

it.each([
  ['brackets', '['.repeat(1_000), 200],
  ['braces over lines', '{a:\n'.repeat(1_000), 800],
  ['compact lists', `a:\n${'- '.repeat(1_000)}`, 203],
  ['compact keys', '? '.repeat(1_000), 200],
  ['indentation', `a:\n${' '.repeat(1_000)}b: 1`, 203],
])('finds %s without end', (_, text, offset) => {
  expect(findBottomlessNesting(text)).toBe(offset);
});

it.each([
  ['many flat lists', 'a: [1, 2, {b: 3}]\n'.repeat(10_000)],
  ['closing brackets', ']'.repeat(1_000)],
  ['a long rule in a comment', `# ${'-'.repeat(1_000)}\n`],
  ['long lines', `a: "${'x '.repeat(10_000)}"`],
])('lets %s pass', (_, text) => {
  expect(findBottomlessNesting(text)).toBeUndefined();
});
