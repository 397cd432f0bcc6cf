/** Places in the operator's files: what a diagnostic points at, before anything is rendered. Types and one function. */

import type { SourcePosition } from '../model/desired.ts';

/** A stretch of one line of a file. */
export interface Mark {
  readonly position: SourcePosition;
  /** In UTF-16 code units; at least 1. */
  readonly length: number;
}

/** Turns offsets into a mark; the mark ends at the end of its first line. */
export type Marker = (start: number, end: number) => Mark;

/** Path from the root of a document to a value in it. */
export type Pointer = readonly (string | number)[];

/** The very beginning of a file, or a place that is no file at all, such as a command-line flag. */
export function startOf(file: string): Mark {
  return { position: { file, line: 1, column: 1 }, length: 1 };
}
