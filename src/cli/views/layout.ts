/** What every text view needs: columns that line up, colours, titled sections. */

import stringWidth from 'fast-string-width';
import picocolors from 'picocolors';
import type { Translate } from '../../messages/say.ts';

/** For whom a text is written. */
export interface View {
  readonly color: boolean;
  readonly translate: Translate;
}

/** To the first column, and clear to the end of the line (ECMA-48): a live line is written over. */
export const REWIND = '\r\u001b[K';

/** Columns that a text takes: two for a Chinese character, none for colour codes. */
export function measure(text: string): number {
  return stringWidth(text);
}

/** Cells may hold colour codes; they take no room. A column that is empty in every row is left out. */
export function alignColumns(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const measured = rows.map((row) => row.map(measure));
  const widths: number[] = [];
  for (const row of measured) {
    row.forEach((width, column) => {
      widths[column] = Math.max(widths[column] ?? 0, width);
    });
  }
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const padding = (widths[column] ?? 0) - (measured[index]?.[column] ?? 0);
      return cell + ' '.repeat(padding);
    });
    return cells
      .filter((_, column) => widths[column] !== 0)
      .join(gap)
      .trimEnd();
  });
}

export type Paint = ReturnType<typeof picocolors.createColors>;

/** An empty line, a title and what belongs under it; nothing where there is nothing. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

/** Without colour every function gives its text back as it is. */
export function createPaint(color: boolean): Paint {
  return picocolors.createColors(color);
}
