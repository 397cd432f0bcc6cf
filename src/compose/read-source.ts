/** The text of a file of the configuration, for code frames only. */

import { readFileSync } from 'node:fs';

/** `file` as an absolute path. One that went away meanwhile has no frame, and its diagnostic is shown without one. */
export function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
