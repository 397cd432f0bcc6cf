/**
 * Watches files that are bind-mounted by themselves: one that was replaced on the host looks unchanged here, and
 * no survey can tell.
 */

import type { Clock } from '../lib/clock.ts';
import type { FileMount } from '../lib/file-mount.ts';

export interface MountWatchOptions {
  /** Asked before every look. */
  readonly files: () => readonly string[];
  readonly findMount: (path: string) => Promise<FileMount | undefined>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when the list of files that are no longer those of the host differs. */
  readonly onDetached: (files: readonly string[]) => void;
}

const LOOK_EVERY_MS = 5_000;

/** Resolves when the signal aborts. */
export async function watchMounts(options: MountWatchOptions): Promise<void> {
  const { clock, signal, onDetached } = options;
  const roots = new Map<string, string>();
  let told = '';
  while (!signal.aborted) {
    const detached = await findDetached(options, roots);
    if (detached.join('\n') !== told) onDetached(detached);
    told = detached.join('\n');
    await clock.sleep(LOOK_EVERY_MS, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** `roots` keeps where each file stood first: one that was moved away on the host is still mounted. */
async function findDetached(
  { files, findMount }: MountWatchOptions,
  roots: Map<string, string>,
): Promise<readonly string[]> {
  const detached: string[] = [];
  for (const file of files()) {
    const mount = await findMount(file);
    if (mount === undefined) {
      roots.delete(file);
      continue;
    }
    const first = roots.get(file) ?? mount.root;
    roots.set(file, first);
    if (mount.isDetached || mount.root !== first) detached.push(file);
  }
  return detached;
}
