/**
 * Lines up rows of cells by the columns a terminal really uses: a CJK character takes two, a combining mark none. Rows go
 * in, lines come out, without spaces at their ends. Pure.
 */

import stringWidth from 'fast-string-width';

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
