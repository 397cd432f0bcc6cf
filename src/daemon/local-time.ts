/**
 * Reads an instant in a time zone and back to text. In: milliseconds since the epoch and an IANA zone name, or
 * undefined for the host's zone. It never asks what time it is.
 */

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
  read(instant: number): LocalTime;
}

/**
 * Builds a reader for one zone. Throws a RangeError for a zone that does not exist.
 */
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
  return {
    read(instant) {
      const parts = new Map(format.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
      const field = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
      return {
        year: field('year'),
        month: field('month'),
        day: field('day'),
        hour: field('hour'),
        minute: field('minute'),
        second: field('second'),
      };
    },
  };
}

/** The reading as if it were UTC, in milliseconds: a number line on which local readings can be compared. */
export function toLocalInstant(time: LocalTime): number {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
}

/** `03:12` on the day of `now`, `2026-11-23 03:12` on any other. */
export function formatLocalTime(instant: number, now: number, zone: ZoneReader): string {
  const [time, today] = [zone.read(instant), zone.read(now)];
  const clock = `${pad(time.hour)}:${pad(time.minute)}`;
  const isToday = time.day === today.day && time.month === today.month && time.year === today.year;
  return isToday ? clock : `${time.year}-${pad(time.month)}-${pad(time.day)} ${clock}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
