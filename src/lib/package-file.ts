/**
 * Reads files that ship with this package, such as the JSON Schemas: from the package's folder, or, in the single
 * executable, from what was built into it. It never reads anything else.
 */

import { readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';

/** The text of `path`, relative to the root of the package; the same from `src/`, `dist/` and the executable. */
export function readPackageFile(path: string): string {
  if (isSea()) return getAsset(path, 'utf8');
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
