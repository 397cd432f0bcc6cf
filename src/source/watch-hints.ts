/**
 * Hints of the operating system that something happened to the files. One may be late, doubled or missing: do
 * not rely on them.
 */

import path from 'node:path';
import { matchesPattern } from './find-included.ts';
import type { Survey } from './survey-files.ts';

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
export function createHintRelay(
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
