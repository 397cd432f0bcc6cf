/**
 * Files that are bind-mounted by themselves, as into a container: the mount holds on to the file that was there,
 * and when somebody puts another file in its place on the host, its path here leads to the old one for ever.
 */

import { readFile, stat } from 'node:fs/promises';

export interface FileMount {
  /** Where the file stands on its own file system, in the words of the kernel. */
  readonly root: string;
  /** No folder holds the file any more: it was deleted or replaced. */
  readonly isDetached: boolean;
}

/** What is mounted at the very path of a file; undefined where it is no mount, or where Linux cannot be asked. */
export async function findFileMount(path: string): Promise<FileMount | undefined> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const root = findRoot(table, path);
  if (root === undefined) return undefined;
  const info = await stat(path).catch(() => undefined);
  return { root, isDetached: root.endsWith('//deleted') || info?.nlink === 0 };
}

/** The last mount at the path, which is the one that is seen. */
export function findRoot(table: string, path: string): string | undefined {
  const mounts = table.split('\n').map((line) => line.split(' ').slice(3, 5).map(decodeOctal));
  return mounts.findLast(([, place]) => place === path)?.[0];
}

/** The kernel writes white space and backslashes in octal. */
function decodeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
