/** Text from outside, made safe to show: it can neither move the cursor, nor reorder or hide what is read. */

/**
 * Controls (C0, C1), line and paragraph separators, bidirectional marks, zero-width and other invisible
 * characters (soft hyphen, byte order mark, fillers, tags), lone surrogates. The two variation selectors of
 * emoji stay as they are.
 */
const UNPRINTABLE = String.raw`(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;
const EACH = new RegExp(UNPRINTABLE, 'gu');
const RUNS = new RegExp(`(?:${UNPRINTABLE})+`, 'gu');

/**
 * Each such character as a visible escape, `\u202e`; beyond U+FFFF as its pair, so that JSON and YAML read it
 * back.
 */
export function printable(text: string): string {
  return text.replace(EACH, (character) => character.split('').map(escapeUnit).join(''));
}

/**
 * Each run of such characters as one space: for a single line in which nobody needs to see what stood there.
 */
export function onOneLine(text: string): string {
  return text.replace(RUNS, ' ');
}

/** Line breaks, tabs, and the escape sequences of colours and of erasing a line. */
const ESCAPE = '\u001b';
const PASSING = new RegExp(`([\\n\\r\\t]|${ESCAPE}\\[[0-9;]*[mK])`);

/**
 * Output for a terminal as the last gate before it: line breaks, a carriage return, colours and the erasing of a line
 * pass, all else that cannot be seen is escaped. JSON stays JSON.
 */
export function forTerminal(text: string): string {
  return text
    .split(PASSING)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
