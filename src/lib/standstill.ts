/** Notices that this process did not run for a while: stopped, suspended with its host, or starved of the processor. */

import type { Clock } from './clock.ts';

/** How long a process may stand still and still act on what it knew before. */
const PATIENCE_MS = 5_000;
/** A host that starves its processes again and again gets up to this, or nothing would ever be done on it. */
const PATIENCE_MS_MAX = 60_000;
/** How often it is looked whether time passes as it should. */
const BEAT_MS = 1_000;

export interface Standstill {
  /** The longest time that the process stood still since the watch began, in milliseconds. */
  readonly stoodMs: number;
  readonly patienceMs: number;
}

/** From the instant of an observation until nothing is decided by it any more. */
export interface StandstillWatch {
  /** Undefined unless the process stood still for longer than is tolerated. */
  find(): Standstill | undefined;
  /** What was observed has been acted on: the patience is the usual one again. */
  succeed(): void;
  end(): void;
}

export interface StandstillGuard {
  begin(): StandstillWatch;
}

/**
 * `onStandstill` is told once per watch. The first two standstills in a row meet the usual patience; each further
 * one meets twice that of the one before, so that a starved host gets something done in the end.
 */
export function createStandstillGuard(
  clock: Clock,
  onStandstill: (standstill: Standstill) => void = () => {},
): StandstillGuard {
  let inARow = 0;
  const patienceMs = () => Math.min(PATIENCE_MS_MAX, PATIENCE_MS * 2 ** Math.max(0, inARow - 1));
  return {
    begin() {
      const stood = measureStandstill(clock);
      const stop = new AbortController();
      const beat = async () => {
        while (!stop.signal.aborted) {
          await clock.sleep(BEAT_MS, stop.signal);
          stood();
        }
      };
      beat().catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
      let found: Standstill | undefined;
      return {
        find() {
          const stoodMs = Math.round(stood());
          if (found !== undefined || stoodMs <= patienceMs()) return found;
          found = { stoodMs, patienceMs: patienceMs() };
          inARow += 1;
          onStandstill(found);
          return found;
        },
        succeed() {
          inARow = 0;
        },
        end: () => stop.abort(),
      };
    },
  };
}

/**
 * The longest standstill so far, whenever it is asked; it has to be asked once per beat. A timer that came late
 * tells of a stopped or starved process, unless the process itself was busy meanwhile; clocks that disagree tell of
 * a suspended host (Linux: CLOCK_MONOTONIC stands still then, CLOCK_BOOTTIME does not) or of a wall clock that was
 * set, which is what a paused virtual machine looks like from within.
 */
function measureStandstill(clock: Clock): () => number {
  const read = () => ({
    wall: clock.wall?.() ?? clock.now(),
    monotonic: clock.monotonic(),
    boot: clock.boottime?.(),
    cpu: clock.cpuTime?.() ?? 0,
  });
  const first = read();
  let last = first;
  let longest = 0;
  return () => {
    const next = read();
    const late = next.monotonic - last.monotonic - BEAT_MS - (next.cpu - last.cpu);
    const passed = next.monotonic - first.monotonic;
    const slept = (next.boot ?? 0) - (first.boot ?? 0) - passed;
    const stepped = next.wall - first.wall - passed;
    longest = Math.max(longest, late, first.boot === undefined ? 0 : Math.abs(slept), Math.abs(stepped));
    last = next;
    return longest;
  };
}
