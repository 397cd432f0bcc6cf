/** Colours for text: whether there are any goes in, functions that paint come out. */

import picocolors from 'picocolors';

export type Paint = ReturnType<typeof picocolors.createColors>;

/** Without colour every function gives its text back as it is. */
export function createPaint(color: boolean): Paint {
  return picocolors.createColors(color);
}
