/**
 * Remembers when the loop last moved on, on a clock that never jumps. Health and the watchdog go by it, so that they
 * follow real progress and not merely a process that is still there.
 */

import type { Clock } from '../lib/clock.ts';

/**
 * Silence after which the loop counts as stalled. Longer than a silent round is borne before it is abandoned
 * (`supervise-round.ts`), so that a restart is the last resort.
 */
const STALLED_AFTER_MS = 330_000;

export interface Pulse {
  beat(): void;
  readonly silentMs: number;
  readonly isStalled: boolean;
}

export function createPulse(clock: Clock): Pulse {
  let last = clock.monotonic();
  const silentMs = () => clock.monotonic() - last;
  return {
    beat() {
      last = clock.monotonic();
    },
    get silentMs() {
      return silentMs();
    },
    get isStalled() {
      return silentMs() >= STALLED_AFTER_MS;
    },
  };
}
