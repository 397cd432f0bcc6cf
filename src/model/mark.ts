/**
 * The mark in the name of a normal app between its create and the update that gives it its real name:
 * `NAME-cbLLLLNNNNNNNN`. It proves whose create made the app, because the API knows no idempotency key.
 */

/** `tag`: 4 hex digits, of the lineage of the state that made the app; `nonce`: 8, of its one create. */
export interface Mark {
  readonly tag: string;
  readonly nonce: string;
}

/** In code points, the vendor's limit for a name. */
const NAME_MAX = 128;
const PREFIX = '-cb';
const TAG_DIGITS = 4;
const NONCE_DIGITS = 8;
const BASE_MAX = NAME_MAX - PREFIX.length - TAG_DIGITS - NONCE_DIGITS;

/** Digits in either case, because a platform may change it. */
const MARKED = /^(.+)-cb([0-9a-f]{4})([0-9a-f]{8})$/isu;
const FOLDED_MARK = /cb([0-9a-f]{4})([0-9a-f]{8})$/u;

/** What marks of this lineage carry; `""` for a state that does not exist yet, which no mark has. */
export function tagOf(lineage: string): string {
  if (lineage === '') return '';
  const digits = lineage.toLowerCase().replace(/[^0-9a-f]/g, '');
  return digits.slice(0, TAG_DIGITS).padEnd(TAG_DIGITS, '0');
}

/** `random` gives numbers in [0, 1). Returns 8 hex digits. */
export function createNonce(random: () => number): string {
  return Array.from({ length: NONCE_DIGITS }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** The name that a create sends: at most 128 code points, so a long name loses its end. */
export function markName(name: string, { tag, nonce }: Mark): string {
  return `${cutName(name)}${PREFIX}${tag}${nonce}`;
}

/** What of a name stands before a mark. */
export function cutName(name: string): string {
  const points = [...name];
  return points.length <= BASE_MAX ? name : points.slice(0, BASE_MAX).join('');
}

/** The base name and the mark of a marked name; `undefined` for any other name. */
export function parseMarkedName(name: string): { readonly base: string; readonly mark: Mark } | undefined {
  const [, base, tag, nonce] = MARKED.exec(name) ?? [];
  if (base === undefined || tag === undefined || nonce === undefined) return undefined;
  return { base, mark: { tag: tag.toLowerCase(), nonce: nonce.toLowerCase() } };
}

/** What is left of a name whatever a platform does to case, width, spaces and punctuation. */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The mark at the end of a folded name. Only good to look for a known nonce: a real name may look like it. */
export function parseFoldedMark(folded: string): Mark | undefined {
  const [, tag, nonce] = FOLDED_MARK.exec(folded) ?? [];
  return tag === undefined || nonce === undefined ? undefined : { tag, nonce };
}
