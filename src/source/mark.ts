/** Places in the operator's files, for diagnostics. */

import type { SourcePosition } from '../model/desired.ts';

/** A stretch of one line of a file. */
export interface Mark {
  readonly position: SourcePosition;
  /** In UTF-16 code units; at least 1. */
  readonly length: number;
}

/** Turns offsets into a mark, which ends with its first line at the latest. */
export type Marker = (start: number, end: number) => Mark;

/** Path from the root of a document to a value in it. */
export type Pointer = readonly (string | number)[];

/** The first character of a file; `file` may also be a flag or a variable. */
export function startOf(file: string): Mark {
  return { position: { file, line: 1, column: 1 }, length: 1 };
}

/** A marker for one text. Line starts are found once; each mark is a binary search. */
export function createMarker(file: string, text: string): Marker {
  const lineStarts = [0];
  const lineBreak = /\r\n?|\n/g;
  while (lineBreak.test(text)) lineStarts.push(lineBreak.lastIndex);

  function lineAt(offset: number): number {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  return (start, end) => {
    const line = lineAt(Math.min(start, text.length));
    const lineEnd = lineStarts[line + 1] ?? text.length;
    const stretch =
      text
        .slice(start, Math.min(end, lineEnd))
        .split(/[\r\n]/, 1)[0]
        ?.trimEnd() ?? '';
    const column = Math.min(start, text.length) - (lineStarts[line] ?? 0) + 1;
    return { position: { file, line: line + 1, column }, length: Math.max(1, stretch.length) };
  };
}
