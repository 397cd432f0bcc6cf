/** Keeps compiled code between starts, where Node can: 22.8 and later. */

import { existsSync, mkdirSync, statSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';

/** Of Node 22.8; the types are those of the oldest supported Node. */
interface CompileCache {
  enableCompileCache?(dir: string): unknown;
}

/**
 * Call it before the modules that it is to speed up are loaded. The cache is in `$XDG_CACHE_HOME` or
 * `~/.cache`; Node's own default lies in the temporary folder, where any user of the host could leave code
 * for another. So a folder of somebody else, as after `sudo` with a kept `HOME`, is not used.
 * `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` are Node's, and win. A folder that cannot be written
 * is no failure: there is no cache then.
 */
export function keepCompiledCode(
  environment: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
): void {
  const { enableCompileCache } = module as CompileCache;
  const { HOME: home, XDG_CACHE_HOME: cacheHome } = environment;
  if (enableCompileCache === undefined || uid === undefined || !home) return;
  const parent = cacheHome && path.isAbsolute(cacheHome) ? cacheHome : path.join(home, '.cache');
  const folder = path.join(parent, 'callbackd');
  // One by one: Node's recursive mkdir never ends where the system says ENOENT below a folder that is there,
  // as in /proc.
  if (ownFolder(parent, uid) && ownFolder(folder, uid))
    enableCompileCache(path.join(folder, 'compile-cache'));
}

/** Whether the folder is there, made if need be, and belongs to `uid`. */
function ownFolder(folder: string, uid: number): boolean {
  try {
    if (!existsSync(folder)) {
      if (statSync(path.dirname(folder)).uid !== uid) return false;
      mkdirSync(folder, { mode: 0o700 });
    }
    return statSync(folder).uid === uid;
  } catch {
    return false;
  }
}
