/**
 * Progress of a long read of the account: one line rewritten in place on a terminal, else a line every 30 s.
 * A read that takes less than 3 s says nothing.
 */

import type { Clock } from '../../lib/clock.ts';
import type { Terminal } from '../terminal.ts';
import { REWIND } from '../views/layout.ts';

interface ReadProgress {
  readonly show: (done: number, total: number) => void;
  /** Takes the live line away. */
  readonly end: () => void;
}

/** Shorter reads show no progress. */
const SILENT_MS = 3_000;
const LIVE_EVERY_MS = 200;
const PLAIN_EVERY_MS = 30_000;

export function createReadProgress(
  { note, isLive, translate }: Pick<Terminal, 'note' | 'isLive' | 'translate'>,
  clock: Pick<Clock, 'monotonic'>,
): ReadProgress {
  const startedAt = clock.monotonic();
  let nextAt = startedAt + SILENT_MS;
  let isShown = false;
  return {
    show(done, total) {
      const now = clock.monotonic();
      if (now < nextAt) return;
      nextAt = now + (isLive ? LIVE_EVERY_MS : PLAIN_EVERY_MS);
      const left = Math.ceil((((now - startedAt) / done) * (total - done)) / 1000);
      const text = translate('cli.import_progress', { done, total, seconds: left });
      note(isLive ? `${REWIND}${text}` : `${text}\n`);
      isShown = isLive;
    },
    end() {
      if (isShown) note(REWIND);
    },
  };
}
