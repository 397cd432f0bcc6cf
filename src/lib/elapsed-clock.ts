/**
 * The clock of decisions: what waits for time to pass (grace, backoff, settle, limits per day) counts the time that
 * passed, whatever the wall clock is set to meanwhile. docs/promises.md holds the table.
 */

import type { Clock } from './clock.ts';

/** Says over a restart how much time passed. `bootAt`: when the host booted, by this clock. */
interface BootMark {
  readonly bootId: string;
  readonly bootAt: number;
}

export interface ElapsedClock extends Clock {
  wall(): number;
  /** How far the wall clock is ahead of this one, in milliseconds; 0 as long as nobody has set it. */
  aheadMs(): number;
  /** To be recorded where it differs from what was; undefined where the host does not tell. */
  readonly mark: BootMark | undefined;
}

export interface RecordedTime {
  readonly mark?: BootMark | undefined;
  /** The latest instant of anything recorded: time never goes back behind it. */
  readonly latestAt?: number | undefined;
}

/** Clocks that are this close are one: time synchronisation moves a clock by less without setting it. */
const SAME_MS = 2_000;
/** How often it is looked whether the host was suspended. */
const LOOK_MS = 250;

/** `bootId` differs after each boot of the host; undefined where the host does not tell. */
export function createElapsedClock(
  system: Clock,
  recorded: RecordedTime,
  bootId: string | undefined,
): ElapsedClock {
  const wall = () => system.wall?.() ?? system.now();
  const boottime = () => system.boottime?.();
  const monotonicFrom = system.monotonic();
  const bootFrom = boottime();
  const startedAt = findStart(wall(), bootFrom, recorded, bootId);
  let suspendedMs = 0;
  let lookedAt = monotonicFrom;
  const now = () => {
    const monotonic = system.monotonic();
    if (bootFrom !== undefined && monotonic - lookedAt >= LOOK_MS) {
      lookedAt = monotonic;
      const apart = (boottime() ?? bootFrom) - bootFrom - (monotonic - monotonicFrom);
      // Finer than this the boot clock is not read; and time once counted is not taken back.
      if (apart - suspendedMs > SAME_MS / 2) suspendedMs = apart;
    }
    return Math.floor(startedAt + (monotonic - monotonicFrom) + suspendedMs);
  };
  return {
    now,
    wall,
    monotonic: () => system.monotonic(),
    ...(system.boottime === undefined ? {} : { boottime: () => system.boottime?.() ?? 0 }),
    ...(system.cpuTime === undefined ? {} : { cpuTime: () => system.cpuTime?.() ?? 0 }),
    sleep: (ms, signal) => system.sleep(ms, signal),
    aheadMs() {
      const apart = wall() - now();
      return Math.abs(apart) < SAME_MS ? 0 : Math.round(apart);
    },
    mark:
      bootId === undefined || bootFrom === undefined
        ? undefined
        : { bootId, bootAt: Math.round(startedAt - bootFrom) },
  };
}

/** Within one boot the time that passed since the mark was made; else the wall clock, and nothing before the record. */
function findStart(
  wall: number,
  boot: number | undefined,
  { mark, latestAt = Number.NEGATIVE_INFINITY }: RecordedTime,
  bootId: string | undefined,
): number {
  const byBoot =
    mark === undefined || boot === undefined || mark.bootId !== bootId ? undefined : mark.bootAt + boot;
  // A container may count its own boot under the identity of its host's.
  const isTold = byBoot !== undefined && byBoot >= latestAt - SAME_MS;
  const start = isTold && Math.abs(wall - byBoot) >= SAME_MS ? byBoot : wall;
  return Math.max(start, latestAt);
}
