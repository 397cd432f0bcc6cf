/**
 * Computes the next match of a cron expression after an instant. node-cron reads the expression; the walk is
 * ours, because node-cron computes from the system time only and leaves out the second hour of a clock that
 * is set back (docs/decisions/0003-schedule.md).
 */

import { createTask, parse } from 'node-cron';
import { createZoneReader, EVEN_MS, type LocalTime, readLocalTime } from './local-time.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/**
 * No change of offset within a day is larger (Troll: two hours). A jump towards midnight stays this far short
 * of it.
 */
const LARGEST_SHIFT = 2 * HOUR;
/** The longest wait of an expression that can match is for 29 February across a century: eight years. */
const HORIZON = 9 * 366 * DAY;

export interface Schedule {
  /**
   * The first matching instant after `after`, in whole seconds; null when there is none within nine years. A
   * time that a clock set forward leaves out matches at the change; one that a clock set back repeats matches
   * twice.
   */
  next(after: number): number | null;
}

interface CronFields {
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** Day of month, month and day of week at once: all three must match. */
  readonly matchesDay: (time: LocalTime) => boolean;
}

/**
 * Reads a cron expression of five or six fields (seconds first). Throws an Error that names the field at
 * fault, and a RangeError for an unknown zone.
 */
export function createSchedule(cron: string, timezone?: string): Schedule {
  const fields = readFields(cron);
  const zone = createZoneReader(timezone);
  return {
    next(after) {
      let at = (Math.floor(after / SECOND) + 1) * SECOND;
      const end = at + HORIZON;
      let expected = zone.toLocal(at - SECOND) + SECOND;
      while (at < end) {
        const local = zone.toLocal(at);
        const time = readLocalTime(local);
        if (matches(fields, time) || matchesBetween(fields, expected, local)) return at;
        const step = stepOver(fields, time, EVEN_MS - (at % EVEN_MS));
        at += step;
        expected = local + step;
      }
      return null;
    },
  };
}

function readFields(cron: string): CronFields {
  const fields = parse(cron);
  const days = `0 0 0 ${fields.dayOfMonth.join(',')} ${fields.month.join(',')} ${fields.dayOfWeek.join(',')}`;
  const dayTask = createTask(days, () => undefined, { timezone: 'UTC' });
  // node-cron keeps every task in a list of its own; only `match` is wanted, and it outlives the task.
  void dayTask.destroy();
  let asked = { day: Number.NaN, matches: false };
  return {
    seconds: new Set(fields.second),
    minutes: new Set(fields.minute),
    hours: new Set(fields.hour),
    matchesDay({ year, month, day: dayOfMonth }) {
      const day = Date.UTC(year, month - 1, dayOfMonth);
      if (day !== asked.day) asked = { day, matches: dayTask.match(new Date(day)) };
      return asked.matches;
    },
  };
}

function matches(fields: CronFields, time: LocalTime): boolean {
  return (
    fields.seconds.has(time.second) &&
    fields.minutes.has(time.minute) &&
    fields.hours.has(time.hour) &&
    fields.matchesDay(time)
  );
}

/**
 * Whether a local time in `from` to just before `to` matches: the readings that a clock set forward leaves
 * out.
 */
function matchesBetween(fields: CronFields, from: number, to: number): boolean {
  for (let local = from; local < to; local += SECOND) {
    if (matches(fields, readLocalTime(local))) return true;
  }
  return false;
}

/**
 * How far the next instant is that can match, in milliseconds; never beyond `even`, unless the whole day is
 * out.
 */
function stepOver(fields: CronFields, time: LocalTime, even: number): number {
  const ofDay = ((time.hour * 60 + time.minute) * 60 + time.second) * SECOND;
  if (!fields.matchesDay(time)) return Math.max(even, DAY - ofDay - LARGEST_SHIFT);
  const ofHour = ofDay % HOUR;
  if (!fields.hours.has(time.hour)) return Math.min(even, HOUR - ofHour);
  if (!fields.minutes.has(time.minute)) return Math.min(even, (60 - time.second) * SECOND);
  return SECOND;
}
