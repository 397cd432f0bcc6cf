/**
 * Tells a truncated file from an edited one. YAML that is cut at the end of a line is valid, so parsing
 * cannot tell; what is held waits for an approval, or for a file that looks complete.
 *
 * A reload is held when
 * - a file lost its last line break: it ends in the middle of a line;
 * - a file is cut within its last entry: from that entry on it is a proper prefix of its former text, and
 *   the entry or the settings would change;
 * - a file is cut between entries, and the grace period is too short to be the safeguard;
 * - a file lost its last entries, more than it gained, and what is last now was changed or is new: cut in the
 *   middle of an edit;
 * - a file that `include:` still asks for is gone, with its entries, and the grace period is too short;
 * - more than half of the entries, and more than one, are gone.
 *
 * What is left: a new entry that is cut at the end of one of its lines, where nothing else is lost, cannot be
 * told from a finished one. Entries lost in a clean cut are orphans, which the planner's grace period and
 * limits guard.
 */

import { isDeepStrictEqual } from 'node:util';
import { type Message, message } from '../messages/message.ts';
import type { DesiredApp, DesiredState } from '../model/desired.ts';
import type { Policy, Settings } from '../model/settings.ts';
import { matchesPattern } from './survey-files.ts';

export interface ReloadSide {
  readonly settings: Settings;
  readonly desired: DesiredState;
  readonly sources: ReadonlyMap<string, string>;
  /** The resolved patterns of `include:`. */
  readonly includes: readonly string[];
}

export interface ReloadHold {
  readonly reason: Message;
}

/** Below this a cut file could cost apps before anybody looks. */
const GRACE_MS_MIN = 60_000;
const LOST_SHARE_MAX = 0.5;

/** The reason to keep `previous`; undefined if `next` may replace it. */
export function judgeReload(previous: ReloadSide, next: ReloadSide): ReloadHold | undefined {
  const lost = [...previous.desired.apps.values()].filter((app) => !next.desired.apps.has(app.key));
  const total = previous.desired.apps.size;
  if (lost.length > 1 && lost.length > total * LOST_SHARE_MAX) {
    return { reason: message('source.entries_gone', { lost: lost.length, total }) };
  }
  for (const [file, text] of next.sources) {
    const before = previous.sources.get(file);
    const reason = before === undefined ? undefined : judgeFile({ file, before, text }, previous, next);
    if (reason !== undefined) return { reason: message('source.cut_short', { file, reason }) };
  }
  const file = findVanished(previous, next);
  return file === undefined ? undefined : { reason: message('source.file_gone', { file }) };
}

/** A save that is under way, or a mount that comes back, looks just like a file that was deleted on purpose. */
function findVanished(previous: ReloadSide, next: ReloadSide): string | undefined {
  if (!graceIsShort(next.settings.policy)) return undefined;
  return [...previous.sources.keys()].find(
    (file) =>
      !next.sources.has(file) &&
      next.includes.some((pattern) => pattern === file || matchesPattern(file, pattern)) &&
      losesEntries(entriesOf(previous.desired, file), next),
  );
}

interface FileTexts {
  readonly file: string;
  readonly before: string;
  readonly text: string;
}

function judgeFile(texts: FileTexts, previous: ReloadSide, next: ReloadSide): Message | undefined {
  const { file, before, text } = texts;
  if (before === text) return undefined;
  if (/[\r\n]$/.test(before) && !/[\r\n]$/.test(text)) return message('source.cut_in_line');
  const entriesBefore = entriesOf(previous.desired, file);
  const last = entriesOf(next.desired, file).at(-1);
  const lastBefore = last === undefined ? undefined : previous.desired.apps.get(last.key);
  const isCut = isProperBeginning(
    textFrom(text, last),
    textFrom(before, last === undefined ? undefined : lastBefore),
  );
  if (isCut) {
    const isEntryWhole = last === undefined || isSameEntry(last, lastBefore);
    if (!isEntryWhole) return message('source.cut_in_entry', { key: last.key });
    if (!isDeepStrictEqual(previous.settings, next.settings)) return message('source.cut_settings');
    return graceIsShort(next.settings.policy) && losesEntries(entriesBefore, next)
      ? message('source.cut_in_grace')
      : undefined;
  }
  const isFewer = entriesOf(next.desired, file).length < entriesBefore.length;
  return isFewer && last !== undefined && isEditedBeforeCut(last, lastBefore, entriesBefore, next)
    ? message('source.cut_after', { key: last.key })
    : undefined;
}

/** The entries of one file, in the order in which they stand there. */
function entriesOf(desired: DesiredState, file: string): readonly DesiredApp[] {
  return [...desired.apps.values()]
    .filter((app) => app.position.file === file)
    .sort(
      (left, right) =>
        left.position.line - right.position.line || left.position.column - right.position.column,
    );
}

/** From the line of the entry to the end; the whole text where there is none. */
function textFrom(text: string, entry: DesiredApp | undefined): string {
  if (entry === undefined) return text;
  return text
    .split(/\r?\n/)
    .slice(entry.position.line - 1)
    .join('\n');
}

function isProperBeginning(text: string, before: string): boolean {
  const whole = before.trimEnd();
  const part = text.trimEnd();
  return part.length < whole.length && whole.startsWith(part);
}

function isSameEntry(left: DesiredApp, right: DesiredApp | undefined): boolean {
  if (right === undefined) return false;
  return isDeepStrictEqual({ ...left, position: null }, { ...right, position: null });
}

/**
 * The lost entries stood together at the end of the file, and the one that is last now is not what it was.
 */
function isEditedBeforeCut(
  last: DesiredApp,
  lastBefore: DesiredApp | undefined,
  entriesBefore: readonly DesiredApp[],
  next: ReloadSide,
): boolean {
  const isLost = (app: DesiredApp) => !next.desired.apps.has(app.key) && app.key !== last.was;
  const firstLost = entriesBefore.findIndex(isLost);
  if (firstLost === -1 || !entriesBefore.slice(firstLost).every(isLost)) return false;
  return !isSameEntry(last, lastBefore);
}

function losesEntries(entriesBefore: readonly DesiredApp[], next: ReloadSide): boolean {
  return entriesBefore.some((app) => !next.desired.apps.has(app.key));
}

function graceIsShort(policy: Policy): boolean {
  return policy.deleteGraceMs < GRACE_MS_MIN && policy.prune !== 'never';
}
