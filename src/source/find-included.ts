/**
 * Finds the files that `include:` names: patterns and a folder in, sorted paths or a Diagnostic out. It lists folders and
 * opens no file. `*` and `?` match within one name and never a leading dot, so editors' swap files and the `..data` link
 * of a Kubernetes volume stay out.
 */

import path from 'node:path';
import type { FileReader } from '../lib/file-reader.ts';

export interface Included {
  /** Sorted by code unit, each once. */
  readonly paths: readonly string[];
  /** A file or folder that the pattern takes for granted and that is not there. */
  readonly missing: string | undefined;
}

/** `pattern` as written in the file; `folder` is where relative patterns start. */
export async function findIncluded(pattern: string, folder: string, files: FileReader): Promise<Included> {
  const full = resolvePattern(pattern, folder);
  const start = patternFolder(full);
  if (start === undefined) {
    const exists = (await files.identify(full)) !== undefined;
    return { paths: [full], missing: exists ? undefined : full };
  }
  if ((await files.list(start)) === undefined) return { paths: [], missing: start };
  const segments = path.relative(start, full).split(path.sep);
  return { paths: (await expand(start, segments, files)).sort(), missing: undefined };
}

export function resolvePattern(pattern: string, folder: string): string {
  return path.isAbsolute(pattern) ? path.normalize(pattern) : path.join(folder, pattern);
}

/** The deepest folder above every wildcard; undefined when there is no wildcard. */
export function patternFolder(pattern: string): string | undefined {
  if (!isWild(pattern)) return undefined;
  let folder = pattern;
  while (isWild(folder)) folder = path.dirname(folder);
  return folder;
}

function isWild(text: string): boolean {
  return /[*?]/.test(text);
}

async function expand(folder: string, segments: readonly string[], files: FileReader): Promise<string[]> {
  const [segment = '', ...rest] = segments;
  const matcher = compileSegment(segment);
  const entries = (await files.list(folder)) ?? [];
  const matches = entries.filter(
    (entry) => matcher.test(entry.name) && entry.isDirectory === rest.length > 0,
  );
  const found: string[] = [];
  for (const { name } of matches) {
    const match = path.join(folder, name);
    found.push(...(rest.length === 0 ? [match] : await expand(match, rest, files)));
  }
  return found;
}

function compileSegment(segment: string): RegExp {
  const source = segment
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${isWild(segment[0] ?? '') ? '(?!\\.)' : ''}${source}$`, 'su');
}
