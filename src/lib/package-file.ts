/**
 * Reads files that ship with this package, such as the JSON Schemas: from the package's folder, or, in the
 * single executable, from what was built into it. It never reads anything else.
 */

import { existsSync, readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';

/**
 * The text of `path`, relative to the root of the package; the same from `src/`, `dist/` and the executable.
 */
export function readPackageFile(path: string): string {
  if (isSea()) return getAsset(path, 'utf8');
  return readFileSync(new URL(path, findRoot()), 'utf8');
}

/** How deep this script lies depends on what it was built into. */
function findRoot(): URL {
  const parents = ['../', '../../', '../../../'].map((parent) => new URL(parent, import.meta.url));
  return (
    parents.find((folder) => existsSync(new URL('package.json', folder))) ?? new URL('../', import.meta.url)
  );
}
