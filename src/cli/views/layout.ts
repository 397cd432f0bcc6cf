/** What every text view needs: columns that line up, and colours. */

import stringWidth from 'fast-string-width';
import picocolors from 'picocolors';

/** Cells may hold colour codes; they take no room. A column that is empty in every row is left out. */
export function alignColumns(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const measured = rows.map((row) => row.map((cell) => stringWidth(cell)));
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

/** Without colour every function gives its text back as it is. */
export function createPaint(color: boolean): Paint {
  return picocolors.createColors(color);
}
