/**
 * Cuts a large file between its entries, so that the parser never holds the tree of all of them: text in, offsets out. It
 * looks at nothing but how lines begin, so it only proposes: `parse-plain.ts` finds out whether the pieces are what they seem.
 */

/** From the offset `start` to before `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface YamlCut {
  /** Where the line `apps:` begins. */
  readonly key: number;
  /** What is indented below it. */
  readonly body: Stretch;
  /** The body again, cut before lines that begin an entry. */
  readonly pieces: readonly Stretch[];
}

const APPS_LINE = /(?<=^|\n)apps:(?:[ \t]+#[^\n]*)?[ \t]*\r?\n/;

/** Undefined where there is nothing to cut: no such line, an unusual layout, or less than two pieces of `pieceLength`. */
export function cutYaml(text: string, pieceLength: number): YamlCut | undefined {
  const opening = text.length < pieceLength ? null : APPS_LINE.exec(text);
  if (opening === null) return undefined;
  const begin = opening.index + opening[0].length;
  const pieces: Stretch[] = [];
  let indent: number | undefined;
  let start = begin;
  let at = begin;
  for (; at < text.length; at = nextLine(text, at)) {
    const lead = countSpaces(text, at);
    const first = text.charAt(at + lead);
    if (first === '#' || first === '\n' || first === '\r' || first === '') continue;
    if (lead === 0) break;
    indent ??= lead;
    if (lead < indent) return undefined;
    if (lead === indent && at - start >= pieceLength && /\w/.test(first)) {
      pieces.push({ start, end: at });
      start = at;
    }
  }
  if (pieces.length === 0) return undefined;
  return { key: opening.index, body: { start: begin, end: at }, pieces: [...pieces, { start, end: at }] };
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}

function countSpaces(text: string, from: number): number {
  let count = 0;
  while (text.charCodeAt(from + count) === 0x20) count += 1;
  return count;
}
