/**
 * Finds the files that `include:` names. `*` and `?` match within one name and never a leading dot, so
 * editors' swap files and the `..data` link of a Kubernetes volume stay out.
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
    segments.every((segment, index) => matchesSegment(names[index] ?? '', segment))
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
  const entries = (await files.list(folder)) ?? [];
  const matches = entries.filter(
    (entry) => matchesSegment(entry.name, segment) && entry.isDirectory === rest.length > 0,
  );
  const found: string[] = [];
  for (const { name } of matches) {
    const match = path.join(folder, name);
    found.push(...(rest.length === 0 ? [match] : await expand(match, rest, files)));
  }
  return found;
}

/**
 * Whether `*` (any characters) and `?` (one character) of the segment match the name. It takes the shortest
 * match of each `*` and comes back to the last one alone, so that many stars cost the product of both lengths
 * at most; a regular expression would try every split.
 */
function matchesSegment(name: string, segment: string): boolean {
  if (name.startsWith('.') && isWild(segment.charAt(0))) return false;
  const letters = Array.from(name);
  const signs = Array.from(segment);
  let at = 0;
  let sign = 0;
  let star: { readonly sign: number; at: number } | undefined;
  while (at < letters.length) {
    if (signs[sign] === '*') {
      star = { sign, at };
      sign += 1;
    } else if (sign < signs.length && (signs[sign] === '?' || signs[sign] === letters[at])) {
      at += 1;
      sign += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      sign = star.sign + 1;
    } else {
      return false;
    }
  }
  return signs.slice(sign).every((rest) => rest === '*');
}
