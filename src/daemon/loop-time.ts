/** The loop and the wall clock: the schedule follows it, and nothing else does. */

import type { Clock } from '../lib/clock.ts';
import type { Settings } from '../model/settings.ts';
import { createSchedule, type Schedule } from './cron-schedule.ts';

/** The wall clock was set when it moved this much more or less than the monotonic clock; less is drift. */
const JUMP_MIN_MS = 2_000;
/** Used when the schedule cannot be computed; validation should have prevented that. */
const FALLBACK_INTERVAL_MS = 600_000;

export interface LoopTime {
  /** By how many milliseconds the wall clock was set since the last call; undefined when it was not. */
  findJump(): number | undefined;
  /** The schedule in the time that the loop decides by. */
  schedule(from: Settings['schedule']): Schedule;
}

export function createLoopTime(clock: Clock, onError: (error: unknown) => void): LoopTime {
  const readWall = () => clock.wall?.() ?? clock.now();
  const read = () => ({ wall: readWall(), monotonic: clock.monotonic() });
  let last = read();
  // Building one costs a millisecond, and a simulation runs thousands of rounds a second.
  let known: { readonly from: Settings['schedule']; readonly schedule: Schedule } | undefined;

  function build(from: Settings['schedule']): Schedule {
    if (known?.from.cron === from.cron && known.from.timezone === from.timezone) return known.schedule;
    try {
      known = { from, schedule: createSchedule(from.cron, from.timezone) };
      return known.schedule;
    } catch (error) {
      onError(error);
      return { next: (after) => after + FALLBACK_INTERVAL_MS };
    }
  }

  return {
    findJump() {
      const next = read();
      const byMs = Math.round(next.wall - last.wall - (next.monotonic - last.monotonic));
      last = next;
      return Math.abs(byMs) < JUMP_MIN_MS ? undefined : byMs;
    },
    schedule(from) {
      const schedule = build(from);
      const ahead = readWall() - clock.now();
      return {
        next(after) {
          const tick = schedule.next(after + ahead);
          return tick === null ? null : tick - ahead;
        },
      };
    },
  };
}
