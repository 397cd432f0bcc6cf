/**
 * Reads instants (milliseconds since the epoch) in a time zone, and formats them. Undefined is the host's
 * zone.
 */

/**
 * Zones change their offset only at multiples of this, so a local clock runs evenly in between (tz database).
 */
export const EVEN_MS = 15 * 60 * 1000;

/** A reading of a wall clock. `month` counts from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export interface ZoneReader {
  /**
   * What the wall clock reads, as if it were UTC: a number line on which readings can be compared and added
   * to.
   */
  toLocal(instant: number): number;
}

/** Builds a reader for one zone. Throws a RangeError for a zone that does not exist. */
export function createZoneReader(timezone: string | undefined): ZoneReader {
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timezone === undefined ? {} : { timeZone: timezone }),
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const readStart = (even: number): number => {
    const time: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(even)) time[type] = Number(value);
    const { year = 0, month = 1, day = 0, hour = 0, minute = 0, second = 0 } = time;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  // Formatting takes some microseconds, and a walk asks for the same quarter of an hour many times.
  let last = { even: Number.NaN, offset: 0 };
  return {
    toLocal(instant) {
      const even = Math.floor(instant / EVEN_MS) * EVEN_MS;
      if (even !== last.even) last = { even, offset: readStart(even) - even };
      return instant + last.offset;
    },
  };
}

/** The fields of a local reading. */
export function readLocalTime(local: number): LocalTime {
  const date = new Date(local);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** `03:12` on the day of `now`, `2026-11-23 03:12` on any other. */
export function formatLocalTime(instant: number, now: number, zone: ZoneReader): string {
  const text = new Date(zone.toLocal(instant)).toISOString();
  const [day, time] = [text.slice(0, 10), text.slice(11, 16)];
  const today = new Date(zone.toLocal(now)).toISOString().slice(0, 10);
  return day === today ? time : `${day} ${time}`;
}
