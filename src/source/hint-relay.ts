/**
 * Keeps one listener for hints where the files stand now: surveys in, a wake-up call out. It listens anew whenever a
 * file, its folder or a link above them became another one, because a watch hangs on the old inode for ever.
 */

import path from 'node:path';
import { matchesPattern } from './find-included.ts';
import type { Survey } from './survey-files.ts';
import type { HintSource } from './watch-hints.ts';

export interface HintRelay {
  /** Listens anew when an anchor differs from the one that is listened at. Never rejects. */
  rearm(survey: Survey): Promise<void>;
  close(): Promise<void>;
}

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
