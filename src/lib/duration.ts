/** Durations as people write them: `300ms`, `15s`, `1h30m`. A day is always 24 hours. */

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const PARTS = /^(?:\d{1,9}(?:ms|s|m|h|d))+$/;
const PART = /(\d{1,9})(ms|s|m|h|d)/g;

/**
 * Milliseconds, or undefined when the text is not a duration. Whole numbers with a unit, from large to small
 * or in any order.
 */
export function parseDuration(text: string): number | undefined {
  if (!PARTS.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) {
    total += Number(amount) * (UNITS_MS[unit ?? ''] ?? 0);
  }
  return total;
}
