/** Characters that nobody sees or expects in a name, an id or a URL, and names that nobody can tell apart. */

import { type Message, message } from '../messages/message.ts';

/** By code point; others are named by their code point alone. */
const NAMES: Readonly<Record<string, string>> = {
  '0009': 'tab',
  '0020': 'space',
  '005C': 'backslash',
  '00A0': 'no-break space',
  '00AD': 'soft hyphen',
  '061C': 'Arabic letter mark',
  '180E': 'Mongolian vowel separator',
  '200B': 'zero width space',
  '200C': 'zero width non-joiner',
  '200D': 'zero width joiner',
  '200E': 'left-to-right mark',
  '200F': 'right-to-left mark',
  '2018': 'left single quotation mark',
  '2019': 'right single quotation mark',
  '201C': 'left double quotation mark',
  '201D': 'right double quotation mark',
  '202A': 'left-to-right embedding',
  '202B': 'right-to-left embedding',
  '202C': 'pop directional formatting',
  '202D': 'left-to-right override',
  '202E': 'right-to-left override',
  '2060': 'word joiner',
  '2066': 'left-to-right isolate',
  '2067': 'right-to-left isolate',
  '2068': 'first strong isolate',
  '2069': 'pop directional isolate',
  '3000': 'ideographic space',
  '3164': 'Hangul filler',
  FEFF: 'byte order mark',
};
/** Letters of other scripts that look like these in most fonts, in lower case. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'аα',
  b: 'вβ',
  c: 'сϲ',
  e: 'еє',
  g: 'ɡ',
  h: 'һн',
  i: 'іιı',
  j: 'ј',
  k: 'кκ',
  l: 'ӏ',
  m: 'м',
  n: 'ո',
  o: 'оοօ',
  p: 'рρ',
  q: 'ԛ',
  s: 'ѕ',
  t: 'тτ',
  u: 'υս',
  v: 'ѵν',
  w: 'ԝ',
  x: 'хχ',
  y: 'уγ',
};
const LATIN_OF = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([latin, others]) =>
    Array.from(others, (other) => [other, latin] as const),
  ),
);
/** Joiners and selectors inside an emoji are part of it. */
const EMOJI =
  /\p{Extended_Pictographic}(?:[\ufe0e\ufe0f]|\u200d|[\u{1f3fb}-\u{1f3ff}]|\p{Extended_Pictographic})*/gu;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const QUOTES = /[\u2018-\u201f\u2039\u203a\u00ab\u00bb\u300c-\u300f\u{ff02}\u{ff07}]/u;

/** `U+200B (zero width space)`. */
export function nameCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return NAMES[code] === undefined ? `U+${code}` : `U+${code} (${NAMES[code]})`;
}

/** The first character that cannot be seen; undefined where all can. */
export function findUnseen(text: string): string | undefined {
  return text.replaceAll(EMOJI, '').match(UNSEEN)?.[0];
}

/** The first character that a URL must not be written with: white space, what is not seen, quotes, a backslash. */
export function findForbiddenInUrl(text: string): string | undefined {
  return findUnseen(text) ?? /[\s\\]/u.exec(text)?.[0] ?? QUOTES.exec(text)?.[0];
}

/** The first character outside of ASCII. */
export function findForeign(text: string): string | undefined {
  return /[^\p{ASCII}]/u.exec(text)?.[0];
}

/** What both names become when everything is taken away that a person may not see; equal for names alike. */
export function foldForEyes(name: string): string {
  const folded = name.normalize('NFKC').replaceAll(UNSEEN, '').replaceAll(/\s+/gu, '').toLowerCase();
  return /^[\x21-\x7e]*$/.test(folded)
    ? folded
    : Array.from(folded, (one) => LATIN_OF.get(one) ?? one).join('');
}

/** How two different names that are alike differ. */
export function describeDifference(left: string, right: string): Message {
  if (left.normalize('NFC') === right.normalize('NFC')) {
    const [mark = ''] = left.normalize('NFD').match(/\p{M}/u) ?? [];
    return message('source.differ_composed', { character: nameCharacter(mark) });
  }
  if (left.toLowerCase() === right.toLowerCase()) return message('source.differ_case');
  const character = findOnlyIn(left, right) ?? findOnlyIn(right, left);
  return character === undefined
    ? message('source.differ_spaces')
    : message('source.differ_character', { character: nameCharacter(character) });
}

/** The first character of `text` that `other` lacks and that is not a plain sign. */
function findOnlyIn(text: string, other: string): string | undefined {
  return [...text].find((one) => !other.includes(one) && !/^[\x21-\x7e]$/.test(one));
}
