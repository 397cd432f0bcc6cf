/**
 * The operating system's word that something happened in a folder, by way of chokidar: folders in, calls out. A hint may
 * be late, doubled or missing; nobody may rely on one. It reads no file.
 */

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
