/** How far the parser's events reach in the text: quotes and brackets belong to what they enclose, and no event holds them. */

import type { Stretch } from './cut-yaml.ts';
import type { PlainYaml, ScalarEvent } from './yaml-library.ts';

/** What may stand before a closing bracket, a comment excepted. */
const CLOSING = /[\s,:?]*[\]}]/y;

/** Nothing for a value that is left out. */
export function spanOfScalar({ SCALAR_STYLE }: PlainYaml, scalar: ScalarEvent): Stretch | undefined {
  const { style, valueStart, valueEnd } = scalar;
  if (valueStart === -1) return undefined;
  const quote = style === SCALAR_STYLE.PLAIN ? 0 : 1;
  return { start: valueStart - quote, end: valueEnd + quote };
}

/** A single pair in a list with brackets has none of its own, though its style is that of the list. */
export function hasBracket(text: string, start: number): boolean {
  return /[[{]/.test(text.charAt(start));
}

/** Behind the bracket that closes what ends at `from`; undefined where something else comes first. */
export function skipClosing(text: string, from: number): number | undefined {
  CLOSING.lastIndex = from;
  return CLOSING.test(text) ? CLOSING.lastIndex : undefined;
}
