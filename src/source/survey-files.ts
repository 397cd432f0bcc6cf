/**
 * Finds the operator's files and looks at them as they are now. Content is read only where the file system
 * says that something happened.
 */

import { hash } from 'node:crypto';
import path from 'node:path';
import type { FileIdentity, FileReader } from '../lib/file-reader.ts';
import { CONFIGURATION_BYTES_MAX } from './read-source.ts';

export interface SurveyTargets {
  readonly main: string;
  /** Resolved patterns of `include:`. */
  readonly includes: readonly string[];
}

/** One file as it was seen. */
export interface Version {
  /** Undefined when nothing is there. */
  readonly identity: FileIdentity | undefined;
  /** Of the content, or of the reason why there is none. */
  readonly digest: string;
  readonly endsInLineBreak: boolean;
  /**
   * The file changed so shortly before it was read that a later write may carry the same stamp: read it
   * again.
   */
  readonly isYoung: boolean;
  /** The system refused to read it, perhaps for a passing reason (EMFILE, EIO): read it again. */
  readonly isRefused: boolean;
}

export interface Survey {
  readonly main: string;
  readonly versions: ReadonlyMap<string, Version>;
  /** Folders in which the files stand or may appear; absent ones are left out. */
  readonly folders: ReadonlyMap<string, FileIdentity>;
  /** Resolved patterns that were looked for. */
  readonly patterns: readonly string[];
}

/**
 * Time stamps of file systems advance in steps: some milliseconds on ext4, a second on older ones, two on
 * FAT. Within that step an unchanged stamp proves nothing.
 */
const STAMP_STEP_MS = 2_000;

export const ABSENT: Version = {
  identity: undefined,
  digest: 'absent',
  endsInLineBreak: false,
  isYoung: false,
  isRefused: false,
};

/**
 * `before` is an earlier survey, whose digests are kept where the stamps are still the same. `now` as of the
 * clock.
 */
export async function surveyFiles(
  targets: SurveyTargets,
  files: FileReader,
  before: { readonly survey: Survey | undefined; readonly now: number },
): Promise<Survey> {
  const folder = path.dirname(targets.main);
  const paths = new Set([targets.main]);
  const places = new Set([folder]);
  for (const pattern of targets.includes) {
    places.add(patternFolder(pattern) ?? path.dirname(pattern));
    for (const match of (await findIncluded(pattern, files)).paths) paths.add(match);
  }
  const versions = new Map<string, Version>();
  for (const file of [...paths].sort()) {
    versions.set(file, await readVersion(file, files, before.survey?.versions.get(file), before.now));
  }
  const folders = new Map<string, FileIdentity>();
  for (const place of [...places].sort()) {
    const identity = await files.identify(place, before.survey?.folders.get(place));
    if (identity !== undefined) folders.set(place, identity);
  }
  return { main: targets.main, versions, folders, patterns: targets.includes };
}

export function isSameVersion(left: Version, right: Version): boolean {
  return isSameFile(left.identity, right.identity) && left.digest === right.digest;
}

export function digestContent(content: string | Uint8Array): string {
  return hash('sha256', content);
}

async function readVersion(
  file: string,
  files: FileReader,
  before: Version | undefined,
  now: number,
): Promise<Version> {
  const identity = await files.identify(file, before?.identity);
  if (identity === undefined) return ABSENT;
  const isSettled = before !== undefined && !before.isYoung && !before.isRefused;
  if (isSettled && isSameFile(before.identity, identity)) return before;
  const read = await files.read(file, CONFIGURATION_BYTES_MAX);
  return {
    identity,
    digest: read.ok ? digestContent(withoutByteOrderMark(read.bytes)) : JSON.stringify(read.failure),
    endsInLineBreak: read.ok && [0x0a, 0x0d].includes(read.bytes.at(-1) ?? 0),
    isYoung: now - identity.changedAt < STAMP_STEP_MS,
    isRefused: !read.ok && read.failure.reason === 'refused',
  };
}

/** Whether content and place are those of before, as far as the file system tells. */
function isSameFile(left: FileIdentity | undefined, right: FileIdentity | undefined): boolean {
  return left?.stamp === right?.stamp && left?.realPath === right?.realPath;
}

/** So that the digest of a file equals that of its text as `readSource` gives it. */
function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

export interface Included {
  /** Sorted by code unit, each once. */
  readonly paths: readonly string[];
  /** A file or folder that the pattern takes for granted and that is not there. */
  readonly missing: string | undefined;
}

/**
 * The files that `include:` names. `*` and `?` match within one name and never a leading dot, so editors'
 * swap files and the `..data` link of a Kubernetes volume stay out. `pattern` as `resolvePattern` gives it.
 */
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
function patternFolder(pattern: string): string | undefined {
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
