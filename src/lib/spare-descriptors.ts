/** Whether the process may open the files that it is about to need. */

import { closeSync, openSync } from 'node:fs';

/**
 * Throws the system's error (EMFILE, ENFILE) where fewer than `count` more can be open at once. Node's own loader of modules turns
 * the same error into others that say nothing of it.
 */
export function requireSpareDescriptors(count: number): void {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync('/dev/null', 'r'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EMFILE' || code === 'ENFILE') throw error;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
