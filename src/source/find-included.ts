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

/** `pattern` as `resolvePattern` gives it. */
export async function findIncluded(pattern: string, files: FileReader): Promise<Included> {
  const start = patternFolder(pattern);
  if (start === undefined) {
    const exists = (await files.identify(pattern)) !== undefined;
    return { paths: [pattern], missing: exists ? undefined : pattern };
  }
  if ((await files.list(start)) === undefined) return { paths: [], missing: start };
  const segments = path.relative(start, pattern).split(path.sep);
  return { paths: (await expand(start, segments, files)).sort(), missing: undefined };
}

/** A pattern as written in the file; `folder` is where relative ones start. */
export function resolvePattern(pattern: string, folder: string): string {
  return path.isAbsolute(pattern) ? path.normalize(pattern) : path.join(folder, pattern);
}

/** Whether `file` is what the resolved pattern names, or would be found by it. */
export function matchesPattern(file: string, pattern: string): boolean {
  const names = file.split(path.sep);
  const segments = pattern.split(path.sep);
  return (
    names.length === segments.length &&
    segments.every((segment, index) => compileSegment(segment).test(names[index] ?? ''))
  );
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
