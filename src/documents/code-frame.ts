/** The lines around the position of a diagnostic, for a page that others see. */

import type { Diagnostic } from '../model/diagnostic.ts';
import { maskSecrets } from './mask-secrets.ts';

export interface FrameLine {
  /** Counts from 1. */
  readonly number: number;
  readonly before: string;
  /** Empty on every line but that of the diagnostic. */
  readonly marked: string;
  readonly after: string;
}

const LINES_BEFORE = 2;
const LINES_AFTER = 1;
/** Longer lines are cut. */
const LINE_CHARS_MAX = 240;

/** Empty when the position is not in the text, and when any of the lines would have to be masked. */
export function frameLines(text: string, { position, length, hidden }: Diagnostic): readonly FrameLine[] {
  const written = text.replace(/^\uFEFF/, '').split(/\r?\n|\r/);
  const lines = maskSecrets(written);
  if (hidden || lines[position.line - 1] === undefined) return [];
  const first = Math.max(1, position.line - LINES_BEFORE);
  const last = position.line + LINES_AFTER;
  if (lines.slice(first - 1, last).some((line, at) => line !== written[first - 1 + at])) return [];
  return lines.slice(first - 1, position.line + LINES_AFTER).map((line, index) => {
    const number = first + index;
    const shown = line.slice(0, LINE_CHARS_MAX);
    if (number !== position.line) return { number, before: shown, marked: '', after: '' };
    const column = Math.min(position.column - 1, shown.length);
    return {
      number,
      before: shown.slice(0, column),
      marked: shown.slice(column, column + length) || ' ',
      after: shown.slice(column + length),
    };
  });
}
