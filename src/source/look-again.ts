/** Looks whether the operator's files still are what a plan was made from, once a second at most. */

import type { Clock } from '../lib/clock.ts';
import type { Configuration, FilesNow } from '../model/configuration.ts';
import { type LoadOptions, loadConfiguration } from './load-configuration.ts';
import { digestContent, type Survey, surveyFiles } from './survey-files.ts';

/** How old a look may be. */
const FRESH_MS = 1_000;

export interface FileLook {
  /** `made`: the configuration that is about to be acted on. */
  compare(made: Configuration): Promise<FilesNow>;
}

/** Everybody who asks within a second shares one look. Content is read only where a file was touched. */
export function createFileLook(options: LoadOptions, clock: Clock): FileLook {
  const isFresh = createFreshness(clock);
  let latest: { readonly made: Configuration; readonly found: Promise<FilesNow> } | undefined;
  let survey: Survey | undefined;

  async function look(made: Configuration): Promise<FilesNow> {
    const targets = { main: options.path, includes: made.includes };
    survey = await surveyFiles(targets, options.files, { survey, now: clock.wall?.() ?? clock.now() });
    if (isMadeFrom(survey, made)) return { are: 'the_same' };
    const loaded = await loadConfiguration(options);
    if (!loaded.ok) return { are: 'invalid' };
    const { configuration } = loaded;
    const isSame =
      configuration.desired.digest === made.desired.digest &&
      JSON.stringify(configuration.settings.policy) === JSON.stringify(made.settings.policy);
    return isSame ? { are: 'the_same' } : { are: 'others', configuration };
  }

  return {
    compare(made) {
      const fresh = isFresh();
      if (latest?.made !== made || !fresh) latest = { made, found: look(made) };
      return latest.found;
    },
  };
}

/**
 * Whether a second has passed since it last said no. By every clock there is: the monotonic one stands still while
 * the host is suspended.
 */
function createFreshness(clock: Clock): () => boolean {
  const read = () => [clock.monotonic(), clock.boottime?.() ?? 0, clock.wall?.() ?? clock.now()];
  let last: readonly number[] | undefined;
  return () => {
    const next = read();
    if (last?.every((at, index) => Math.abs((next[index] ?? 0) - at) < FRESH_MS)) return true;
    last = next;
    return false;
  };
}

/** Whether these very texts were read, and no others. */
function isMadeFrom({ versions }: Survey, { sources }: Configuration): boolean {
  if (versions.size !== sources.size) return false;
  return [...sources].every(([path, text]) => versions.get(path)?.digest === digestContent(text));
}
