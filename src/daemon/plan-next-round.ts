/**
 * Decides when the next round is due, from what the last one reported. Instants go in and come out; it never waits and
 * never asks what time it is.
 */

import type { Withheld } from '../model/plan.ts';
import type { RoundReport, Trigger } from '../model/round.ts';
import type { Schedule } from './schedule.ts';

/** A round that is to come. `at` and `plannedAt` are milliseconds since the epoch. */
export interface Appointment {
  readonly at: number;
  readonly trigger: Extract<Trigger, 'schedule' | 'settle' | 'retry'>;
  readonly plannedAt: number;
}

export interface NextRoundInput {
  readonly now: number;
  readonly schedule: Schedule;
  /** The round that just ended. A tick that passed since it began is made up for. */
  readonly report: RoundReport;
  readonly settleMs: number;
  /** Rounds in a row, the last one included, that failed as a whole or in part. */
  readonly failures: number;
  /** Rounds in a row, the last one included, that the daemon began by itself to settle or retry. */
  readonly selfMade: number;
  readonly random: () => number;
}

/** A failed round is tried again after about this long, twice as long each time (full jitter over the upper half). */
const RETRY_FIRST_MS = 15_000;
/** A platform that is down for a day costs about 150 tries, and is noticed back within ten minutes. */
const RETRY_LONGEST_MS = 600_000;
/** Ticks are moved by up to this share of their distance, so that many daemons on one cron line do not call at once. */
const JITTER_SHARE = 0.1;
const JITTER_LONGEST_MS = 10_000;
/** A tick that passed while a round ran is made up for, but not at once: rounds longer than the schedule must not run on end. */
const BREATHER_MS = 10_000;
/** The settle time counts from the end of a POST; asking a little later finds it over. */
const SETTLE_MARGIN_MS = 1_000;
/** A round that was due in the past is begun this much later, twice as long each time in a row. */
const SELF_MADE_FIRST_MS = 1_000;

/** The next round that comes by itself; null when nothing is due within the schedule's horizon. */
export function planNextRound(input: NextRoundInput): Appointment | null {
  const { now, report } = input;
  const retry = planRetry(input);
  // Where not even a plan came about, the account is not asked more often than the backoff allows, however tight the
  // schedule is.
  if (retry !== null && report.plan === undefined && report.result !== 'aborted') return retry;
  const floor = now + backoffMs(input.selfMade, SELF_MADE_FIRST_MS);
  const wishes = [planTick(input), retry, planWake(input, floor), planRest(input, floor)];
  return wishes.reduce(
    (first, next) => (next !== null && (first === null || next.at < first.at) ? next : first),
    null,
  );
}

/**
 * Moves an appointment after the wall clock was set back to `now`, before the appointment was made: the wait that was
 * agreed on begins again. Otherwise the appointment stands; a clock set forward just makes it due.
 */
export function adjustAppointment(appointment: Appointment, now: number, schedule: Schedule): Appointment {
  if (now >= appointment.plannedAt) return appointment;
  const wait = appointment.at - appointment.plannedAt;
  const tick = appointment.trigger === 'schedule' ? schedule.next(now) : null;
  return { ...appointment, plannedAt: now, at: Math.min(tick ?? Number.POSITIVE_INFINITY, now + wait) };
}

/** Doubles from `first` up to ten minutes. `times` counts from 1; zero gives zero. */
export function backoffMs(times: number, first: number): number {
  if (times <= 0) return 0;
  return Math.min(RETRY_LONGEST_MS, first * 2 ** Math.min(times - 1, 20));
}

function planTick({ now, schedule, report, random }: NextRoundInput): Appointment | null {
  const tick = schedule.next(Math.min(report.startedAt, now));
  if (tick === null) return null;
  if (tick <= now) return { at: now + BREATHER_MS, trigger: 'schedule', plannedAt: now };
  const jitter = random() * Math.min(JITTER_LONGEST_MS, (tick - now) * JITTER_SHARE);
  return { at: tick + Math.floor(jitter), trigger: 'schedule', plannedAt: now };
}

function planRetry({ now, failures, random }: NextRoundInput): Appointment | null {
  if (failures === 0) return null;
  const wait = backoffMs(failures, RETRY_FIRST_MS);
  return { at: now + Math.ceil(wait / 2 + (random() * wait) / 2), trigger: 'retry', plannedAt: now };
}

/** What passes by itself: a settle time, a grace period, a pause, an entry's own backoff. */
function planWake({ now, report, settleMs }: NextRoundInput, floor: number): Appointment | null {
  const settles = report.outcomes

    .filter((outcome) => outcome.failure?.kind === 'unknown_outcome')
    .map((outcome) => outcome.endedAt + settleMs + SETTLE_MARGIN_MS);
  const waits = (report.plan?.withheld ?? []).flatMap(readWait);
  const soonest = [...settles.map((at) => ({ at, trigger: 'settle' as const })), ...waits].reduce<
    Pick<Appointment, 'at' | 'trigger'> | undefined
  >((first, next) => (first === undefined || next.at < first.at ? next : first), undefined);
  if (soonest === undefined) return null;
  return { at: Math.max(soonest.at, floor), trigger: soonest.trigger, plannedAt: now };
}

/** What a round left out for lack of time goes on at once, from a fresh listing. */
function planRest({ now, report }: NextRoundInput, floor: number): Appointment | null {
  const isCut = report.result === 'aborted' && report.outcomes.some(({ result }) => result === 'skipped');
  return isCut ? { at: floor, trigger: 'retry', plannedAt: now } : null;
}

function readWait({ until, reason }: Withheld): Pick<Appointment, 'at' | 'trigger'>[] {
  if (until === undefined) return [];
  return [{ at: until, trigger: reason === 'settling' ? 'settle' : 'retry' }];
}
