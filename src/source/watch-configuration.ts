/**
 * Reports changes of the operator's files once they have settled. What a survey (one
 * per second) finds is authoritative; hints of the operating system only start the next survey earlier.
 */

import path from 'node:path';
import type { Clock } from '../lib/clock.ts';
import type { FileReader } from '../lib/file-reader.ts';
import { createSleeper, type Sleeper } from '../lib/sleeper.ts';
import {
  ABSENT,
  digestContent,
  isSameVersion,
  matchesPattern,
  type Survey,
  type SurveyTargets,
  surveyFiles,
  type Version,
} from './survey-files.ts';

export interface WatchTargets extends SurveyTargets {
  /** Texts as they were last loaded, by path: what need not be reported. */
  readonly sources: ReadonlyMap<string, string>;
  /** What the last loading looked for; absent where that was not noted. */
  readonly files?: readonly string[];
  /** Those of them that the system refused to read. */
  readonly refused?: readonly string[];
}

interface FileChange {
  /** Sorted paths whose content differs, appeared or vanished. */
  readonly paths: readonly string[];
}

export interface WatchOptions {
  /** Asked before every survey, so that a reload may change what is watched. */
  readonly targets: () => WatchTargets;
  readonly debounce: () => { readonly quietMs: number; readonly maxWaitMs: number };
  readonly files: FileReader;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Absent: no events of the operating system. */
  readonly hints?: HintSource;
  readonly onChange: (change: FileChange) => void;
  /** Something was written, or metadata changed, but the content is the same. */
  readonly onTouch?: () => void;
  /** Watching by events does not work; the survey continues. Called once per distinct message. */
  readonly onError: (error: Error) => void;
}

/** How late a change is seen when the operating system gives no hint. */
const SURVEY_EVERY_MS = 1_000;
/**
 * A file that vanished, is empty or lost its last line break is likely in the middle of a save, and gets this
 * long to become whole: `git checkout` and editors that delete and write again take some hundred
 * milliseconds.
 */
const UNFINISHED_WAIT_MS = 800;
const STEPS_PER_QUIET = 3;
const STEP_MS_MIN = 10;

interface Watch extends WatchOptions {
  readonly sleeper: Sleeper;
  /** Per path, the digest that was last loaded or reported. */
  readonly known: Map<string, Pick<Version, 'digest' | 'endsInLineBreak'>>;
}

/** Resolves when the signal aborts. Rejects only for a bug; call it again then. */
export async function watchConfiguration(options: WatchOptions): Promise<void> {
  const { clock } = options;
  const sleeper = createSleeper(clock, options.signal);
  const relay = createHintRelay(options.hints, () => sleeper.wake(), options.onError);
  const watch: Watch = { ...options, sleeper, known: new Map() };
  let survey: Survey | undefined;
  try {
    while (!options.signal.aborted) {
      const seen = await look(watch, survey);
      const seenAt = clock.monotonic();
      await relay.rearm(seen);
      survey = isChanged(watch, survey, seen) ? await settle(watch, seen, seenAt) : seen;
      await relay.rearm(survey);
      await sleeper.sleep(SURVEY_EVERY_MS);
    }
  } finally {
    await relay.close();
  }
}

/**
 * Surveys the current targets. Paths that are no longer targets are forgotten, and new ones start with the
 * content that was loaded: a reload that includes other files does not count as a change by itself.
 */
async function look(watch: Watch, before: Survey | undefined): Promise<Survey> {
  const targets = watch.targets();
  const survey = await surveyFiles(targets, watch.files, { survey: before, now: watch.clock.now() });
  const patterns = [targets.main, ...targets.includes];
  for (const path of watch.known.keys()) {
    const isTarget = survey.versions.has(path) || patterns.some((pattern) => matchesPattern(path, pattern));
    if (!isTarget) watch.known.delete(path);
  }
  forgetMissed(watch, targets, survey);
  for (const path of survey.versions.keys()) {
    if (watch.known.has(path)) continue;
    const text = targets.sources.get(path);
    if (text === undefined) watch.known.set(path, ABSENT);
    else watch.known.set(path, { digest: digestContent(text), endsInLineBreak: /[\r\n]$/.test(text) });
  }
  return survey;
}

/**
 * What was reported but could not be loaded then, because descriptors had run out or a disk failed, counts as changed once it can be
 * read: nobody will save it again.
 */
function forgetMissed({ known }: Watch, { files, refused = [] }: WatchTargets, { versions }: Survey): void {
  for (const [path, version] of versions) {
    const isMissed = files?.includes(path) === false || refused.includes(path);
    if (isMissed && version.identity !== undefined && !version.isRefused) known.delete(path);
  }
}

function isChanged(watch: Watch, before: Survey | undefined, seen: Survey): boolean {
  if (before !== undefined && !isSame(before, seen)) return true;
  return changedPaths(watch, seen).length > 0;
}

function isSame(left: Survey, right: Survey): boolean {
  if (left.versions.size !== right.versions.size) return false;
  return [...left.versions].every(([path, version]) => {
    const other = right.versions.get(path);
    return other !== undefined && isSameVersion(other, version);
  });
}

/** Waits until the files have rested since `startedAt`, then reports once what differs from what is known. */
async function settle(watch: Watch, first: Survey, startedAt: number): Promise<Survey> {
  const { clock, signal, sleeper } = watch;
  const { quietMs, maxWaitMs } = watch.debounce();
  const step = Math.max(STEP_MS_MIN, quietMs / STEPS_PER_QUIET);
  let changedAt = startedAt;
  let survey = first;
  while (!signal.aborted && clock.monotonic() - startedAt < maxWaitMs) {
    const now = clock.monotonic();
    const wanted = looksUnfinished(watch, survey) ? Math.max(quietMs, UNFINISHED_WAIT_MS) : quietMs;
    if (now - changedAt >= wanted) break;
    await sleeper.rest(Math.min(step, wanted - (now - changedAt), maxWaitMs - (now - startedAt)));
    const next = await look(watch, survey);
    if (!isSame(survey, next)) changedAt = clock.monotonic();
    survey = next;
  }
  if (!signal.aborted) report(watch, survey);
  return survey;
}

function report(watch: Watch, survey: Survey): void {
  const paths = changedPaths(watch, survey);
  for (const path of paths) {
    const version = survey.versions.get(path);
    if (version === undefined) watch.known.delete(path);
    else watch.known.set(path, version);
  }
  if (paths.length > 0) watch.onChange({ paths });
  else watch.onTouch?.();
}

/** Content that is neither loaded nor reported yet, files that match no more included. */
function changedPaths(watch: Watch, survey: Survey): readonly string[] {
  const paths = new Set([...survey.versions.keys(), ...watch.known.keys()]);
  return [...paths]
    .filter((path) => survey.versions.get(path)?.digest !== watch.known.get(path)?.digest)
    .sort();
}

function looksUnfinished(watch: Watch, survey: Survey): boolean {
  return [...watch.known].some(([path, known]) => {
    if (known.digest === ABSENT.digest) return false;
    const version = survey.versions.get(path) ?? ABSENT;
    return (version.identity?.bytes ?? 0) === 0 || (known.endsInLineBreak && !version.endsInLineBreak);
  });
}

/** Where to listen. */
interface HintPlaces {
  readonly folders: readonly string[];
  /** Files elsewhere than in `folders`, such as the target of a link. */
  readonly isWanted: (path: string) => boolean;
}

interface HintListener {
  onHint(): void;
  /** The system cannot watch, for instance for want of inotify watches (EMFILE, ENOSPC). */
  onError(error: Error): void;
}

/**
 * Tells that something happened to the files. A hint may be late, doubled or missing: do not rely on it.
 */
export interface HintSource {
  /** Resolves at once; hints come later. `close` never rejects. */
  listen(places: HintPlaces, listener: HintListener): Promise<{ close(): Promise<void> }>;
}

/** Loads chokidar when the first listener comes. */
export const chokidarHints: HintSource = {
  async listen({ folders, isWanted }, listener) {
    const { watch } = await import('chokidar');
    const watcher = watch([...folders], {
      ignoreInitial: true,
      depth: 0,
      // Other files of the folder would each cost a watch.
      ignored: (path) => !folders.includes(path) && !isWanted(path),
    });
    watcher.on('all', () => listener.onHint());
    watcher.on('error', (error) =>
      listener.onError(error instanceof Error ? error : new Error(String(error))),
    );
    return { close: () => watcher.close() };
  },
};

interface HintRelay {
  /** Listens again when an anchor changed since the last call. Never rejects. */
  rearm(survey: Survey): Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps one listener where the files stand now. It listens again whenever a file, its folder or a link above
 * them became another one, because a watch hangs on the old inode for ever.
 */
function createHintRelay(
  source: HintSource | undefined,
  onHint: () => void,
  onError: (error: Error) => void,
): HintRelay {
  const told = new Set<string>();
  let armedAt: string | undefined;
  let listener: { close(): Promise<void> } | undefined;

  function tell(error: Error): void {
    if (told.has(error.message)) return;
    told.add(error.message);
    onError(error);
  }

  async function close(): Promise<void> {
    const closing = listener;
    listener = undefined;
    await closing?.close();
  }

  return {
    async rearm(survey) {
      const anchors = describeAnchors(survey);
      if (source === undefined || anchors === armedAt) return;
      armedAt = anchors;
      try {
        await close();
        const folders = [...survey.folders.keys()].map((folder) => path.resolve(folder));
        const wanted = [...survey.versions.keys(), ...survey.patterns].map((file) => path.resolve(file));
        const isWanted = (file: string) =>
          wanted.some((pattern) => matchesPattern(path.resolve(file), pattern));
        if (folders.length > 0)
          listener = await source.listen({ folders, isWanted }, { onHint, onError: tell });
      } catch (error) {
        tell(error instanceof Error ? error : new Error(String(error)));
      }
    },
    close,
  };
}

function describeAnchors(survey: Survey): string {
  const files = [...survey.versions].map(([path, { identity }]) => [path, identity] as const);
  return [...files, ...survey.folders]
    .map(([path, identity]) => `${path} ${identity?.node} ${identity?.realPath}`)
    .join('\n');
}
