/** Decides when the next round is due, from the report of the last one. Pure. */

import type { Withheld } from '../model/plan.ts';
import type { Outcome, RoundReport, Trigger } from '../model/round.ts';
import type { Schedule } from './cron-schedule.ts';

/** `at`: milliseconds since the epoch. */
export interface NextRound {
  readonly at: number;
  readonly trigger: Extract<Trigger, 'schedule' | 'settle' | 'retry'>;
}

export interface NextRoundInput {
  readonly now: number;
  readonly schedule: Schedule;
  /** The round that just ended. A tick that passed since it began is caught up on. */
  readonly report: RoundReport;
  readonly settleMs: number;
  /** Rounds in a row, the last one included, that failed as a whole or in part. */
  readonly failures: number;
  /** Rounds in a row, the last one included, whose only triggers were `settle` and `retry`. */
  readonly selfMade: number;
  readonly random: () => number;
}

/**
 * The pause before the first retry of a failed round; it doubles each time, with jitter over the upper half.
 */
const RETRY_FIRST_MS = 15_000;
/**
 * A platform that is down for a day costs about 150 retries, and its return is noticed within ten minutes.
 */
const RETRY_LONGEST_MS = 600_000;
/**
 * Ticks are delayed by up to this share of their distance, so that daemons with equal schedules do not call
 * at once.
 */
const JITTER_SHARE = 0.1;
const JITTER_LONGEST_MS = 10_000;
/**
 * The pause before catching up on a missed tick: rounds longer than the schedule must not run without pause.
 */
const BREATHER_MS = 10_000;
/** Added to the settle time, which counts from the end of a POST, so that it has surely passed. */
const SETTLE_MARGIN_MS = 1_000;
/** The minimal pause before a `settle` or `retry` round; doubles for each in a row. */
const SELF_MADE_FIRST_MS = 1_000;

/** The next scheduled round; null when none is due within the schedule's horizon. */
export function planNextRound(input: NextRoundInput): NextRound | null {
  const { now, report } = input;
  const retry = planRetry(input);
  // Without a plan, the account is not listed more often than the backoff allows, however tight the schedule
  // is.
  if (retry !== null && report.plan === undefined && report.result !== 'aborted') return retry;
  const floor = now + backoffMs(input.selfMade, SELF_MADE_FIRST_MS);
  const wishes = [planTick(input), retry, planWake(input, floor), planRest(input, floor)];
  return wishes.reduce(
    (first, next) => (next !== null && (first === null || next.at < first.at) ? next : first),
    null,
  );
}

/** Doubles from `first` up to ten minutes. `times` counts from 1; zero gives zero. */
export function backoffMs(times: number, first: number): number {
  if (times <= 0) return 0;
  return Math.min(RETRY_LONGEST_MS, first * 2 ** Math.min(times - 1, 20));
}

function planTick({ now, schedule, report, random }: NextRoundInput): NextRound | null {
  const tick = schedule.next(Math.min(report.startedAt, now));
  if (tick === null) return null;
  if (tick <= now) return { at: now + BREATHER_MS, trigger: 'schedule' };
  const jitter = random() * Math.min(JITTER_LONGEST_MS, (tick - now) * JITTER_SHARE);
  return { at: tick + Math.floor(jitter), trigger: 'schedule' };
}

function planRetry({ now, failures, random }: NextRoundInput): NextRound | null {
  if (failures === 0) return null;
  const wait = backoffMs(failures, RETRY_FIRST_MS);
  return { at: now + Math.ceil(wait / 2 + (random() * wait) / 2), trigger: 'retry' };
}

/** When a settle time, grace period, pause or backoff ends. */
function planWake({ report, settleMs }: NextRoundInput, floor: number): NextRound | null {
  const settles = report.outcomes
    .filter((outcome) => outcome.failure?.kind === 'unknown_outcome' || beginsOverlap(outcome))
    .map((outcome) => outcome.endedAt + settleMs + SETTLE_MARGIN_MS);
  const waits = (report.plan?.withheld ?? []).flatMap(readWait);
  const soonest = [...settles.map((at) => ({ at, trigger: 'settle' as const })), ...waits].reduce<
    Pick<NextRound, 'at' | 'trigger'> | undefined
  >((first, next) => (first === undefined || next.at < first.at ? next : first), undefined);
  if (soonest === undefined) return null;
  return { at: Math.max(soonest.at, floor), trigger: soonest.trigger };
}

/** The next round tells when the overlap ends; without it that would wait for the schedule. */
function beginsOverlap({ change, result }: Outcome): boolean {
  return result === 'applied' && change.steps.some((step) => step.do === 'promote_token');
}

/** The rest of an aborted round follows at once, from a new listing. */
function planRest({ report }: NextRoundInput, floor: number): NextRound | null {
  const isCut = report.result === 'aborted' && report.outcomes.some(({ result }) => result !== 'applied');
  return isCut ? { at: floor, trigger: 'retry' } : null;
}

function readWait({ until, reason }: Withheld): Pick<NextRound, 'at' | 'trigger'>[] {
  if (until === undefined) return [];
  return [{ at: until, trigger: reason === 'settling' ? 'settle' : 'retry' }];
}
