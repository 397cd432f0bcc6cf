/** Reads files that ship with this package, such as the JSON Schemas. It never reads anything outside the package. */

import { readFileSync } from 'node:fs';

/** The text of `path`, relative to the root of the package; the same from `src/` and from `dist/`. */
export function readPackageFile(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
