/** Makes the Marker of one text: offsets to line and column. The beginnings of its lines are found once. */

import type { Marker } from './mark.ts';

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
    const stretch =
      text
        .slice(start, end)
        .split(/[\r\n]/, 1)[0]
        ?.trimEnd() ?? '';
    const column = Math.min(start, text.length) - (lineStarts[line] ?? 0) + 1;
    return { position: { file, line: line + 1, column }, length: Math.max(1, stretch.length) };
  };
}
