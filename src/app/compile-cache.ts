/** Keeps compiled code between starts, where Node can: 22.8 and later. */

import { statSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';

/** Of Node 22.8; the types are those of the oldest supported Node. */
interface CompileCache {
  enableCompileCache?(dir: string): unknown;
}

/**
 * Call it before the modules that it is to speed up are loaded. The cache is in `$XDG_CACHE_HOME` or `~/.cache`; Node's own
 * default lies in the temporary folder, where any user of the host could leave code for another. So a folder of somebody else,
 * as after `sudo` with a kept `HOME`, is not used. `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` are Node's, and win.
 * A folder that cannot be written is no failure: Node goes on without a cache.
 */
export function keepCompiledCode(
  environment: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
): void {
  const { enableCompileCache } = module as CompileCache;
  const { HOME: home, XDG_CACHE_HOME: cacheHome } = environment;
  if (enableCompileCache === undefined || uid === undefined || !home) return;
  const folder = cacheHome && path.isAbsolute(cacheHome) ? cacheHome : path.join(home, '.cache');
  const owner = ownerOf(folder) ?? ownerOf(home);
  if (owner === uid) enableCompileCache(path.join(folder, 'callbackd', 'compile-cache'));
}

/** Undefined for a folder that is not there, or is not for us to look at. */
function ownerOf(folder: string): number | undefined {
  try {
    return statSync(folder).uid;
  } catch {
    return undefined;
  }
}
