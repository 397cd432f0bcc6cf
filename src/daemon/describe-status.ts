/** Health, readiness, condition and the status line of the daemon, derived from facts. Holds no secret. */

import { describeExpiry, expiryStep } from '../documents/token-expiry.ts';
import { type Message, message } from '../messages/message.ts';
import type { ActivePause } from '../model/pauses.ts';
import type { Plan } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';
import {
  describeSummary,
  type EntryState,
  isFailure,
  listStates,
  type Standing,
  type StandingState,
  type Summary,
  type SummaryFacts,
  summariseEntries,
  type Tone,
  toneOf,
} from '../model/summary.ts';
import type { ConfigurationStanding } from './configuration-keeper.ts';
import { formatLocalTime, type ZoneReader } from './local-time.ts';
import type { CallsToday, LogStanding } from './ports.ts';
import type { LoopFacts } from './round-loop.ts';

/** The worst that applies. `starting`: no round has planned yet. */
export type DaemonCondition =
  | 'stopping'
  | 'stalled'
  | 'failing'
  | 'starting'
  | 'held'
  | 'stale'
  | 'pending'
  | 'paused'
  | 'empty'
  | 'in_sync';

export interface StatusFacts {
  readonly version: string;
  readonly callsToday: CallsToday;
  readonly tokenExpiresAt: number | undefined;
  readonly log: LogStanding;
  readonly endpoint: string;
  readonly startedAt: number;
  readonly now: number;
  /** How far the wall clock is ahead of `now`, in milliseconds. */
  readonly aheadMs: number;
  /** The zone of the schedule, for the times of the status line. */
  readonly zone: ZoneReader;
  readonly loop: LoopFacts;
  readonly configuration: ConfigurationStanding;
  readonly isStalled: boolean;
  readonly silentMs: number;
  readonly isStopping: boolean;
  /** Every pause that has not ended. */
  readonly pauses: readonly ActivePause[];
  /** The plan of now and what became of its changes so far, while a round runs as well. */
  readonly seen: Pick<SummaryFacts, 'plan' | 'outcomes'> & { readonly plan?: Plan | undefined };
}

/** A verdict with its reason, for probes and people. */
export interface Verdict {
  readonly ok: boolean;
  readonly reason: Message;
}

/** Whether the loop makes progress: the answer of `/healthz`, and what the watchdog goes by. */
export function judgeHealth(facts: StatusFacts): Verdict {
  if (!facts.isStalled) return { ok: true, reason: message('daemon.healthy') };
  return { ok: false, reason: message('daemon.stalled', { seconds: Math.round(facts.silentMs / 1000) }) };
}

/** Whether this process has listed the account completely at least once: the answer of `/readyz`. */
export function judgeReadiness(facts: StatusFacts): Verdict {
  const { loop } = facts;
  if (loop.lastPlanned !== null) {
    return { ok: true, reason: message('daemon.ready', { summary: describeNow(facts) }) };
  }
  if (loop.lastReport === null) return { ok: false, reason: message('daemon.first_round_running') };
  return { ok: false, reason: message('daemon.not_listed', { reason: describeFailure(loop.lastReport) }) };
}

/** The entries as they are now. */
export function summarise({ seen, pauses }: StatusFacts): Summary {
  return summariseEntries({ ...seen, paused: pauses.flatMap(({ key }) => key ?? []) });
}

const CONDITIONS: Readonly<Record<StandingState | EntryState, DaemonCondition>> = {
  stopping: 'stopping',
  stalled: 'stalled',
  token_refused: 'failing',
  unreachable: 'failing',
  rounds_failing: 'failing',
  failing: 'failing',
  starting: 'starting',
  file_invalid: 'held',
  file_held: 'held',
  needs_approval: 'held',
  needs_decision: 'held',
  stale: 'stale',
  file_changed: 'pending',
  deletion_scheduled: 'pending',
  settling: 'pending',
  pending: 'pending',
  paused_all: 'paused',
  paused: 'paused',
  kept: 'paused',
  no_apps: 'empty',
  in_sync: 'in_sync',
};
const WORST_FIRST: readonly DaemonCondition[] = [
  ...(['stopping', 'stalled', 'failing', 'starting', 'held', 'stale', 'pending', 'paused', 'empty'] as const),
];

export function judgeCondition(facts: StatusFacts): DaemonCondition {
  const summary = summarise(facts);
  const states = [...listStandings(facts).map(({ state }) => state), ...listStates(summary)];
  const conditions = new Set(states.map((state) => CONDITIONS[state]));
  return WORST_FIRST.find((condition) => conditions.has(condition)) ?? 'in_sync';
}

/** How good it is: `ok` only when every entry is as its file says. */
export function judgeTone(facts: StatusFacts): Tone {
  return toneOf(summarise(facts), listStandings(facts));
}

/** The summary, such as `1 delete needs approval · 42 in sync`. */
export function describeNow(facts: StatusFacts): Message {
  return describeSummary(summarise(facts), listStandings(facts));
}

/** The status line: the summary, and when the next round is. */
export function describeStatus(facts: StatusFacts): Message {
  return message('summary.line', {
    parts: [describeNow(facts), ...describeToken(facts), ...describeNext(facts)],
  });
}

/** Only while somebody has to see to it. */
function describeToken({ tokenExpiresAt: at, now }: StatusFacts): readonly Message[] {
  return at === undefined || expiryStep(at, now) === undefined ? [] : [describeExpiry(at, now)];
}

/** A wish for a round that is so much overdue is no longer a matter of moments. */
const OVERDUE_MS = 60_000;

/** What is true of the whole account beside its entries, the worst first. */
export function listStandings(facts: StatusFacts): readonly Standing[] {
  const { configuration, seen, isStopping, isStalled, silentMs } = facts;
  const all = pausesOfAll(facts);
  const found: readonly (Standing | undefined)[] = [
    isStopping ? { state: 'stopping', message: message('summary.stopping') } : undefined,
    isStalled
      ? { state: 'stalled', message: message('summary.stalled', { seconds: Math.round(silentMs / 1000) }) }
      : undefined,
    findRoundFailure(facts),
    findFileProblem(configuration),
    seen.plan === undefined ? { state: 'starting', message: message('summary.starting') } : undefined,
    findStale(facts),
    seen.plan !== undefined && seen.plan.sourceDigest !== configuration.digest
      ? { state: 'file_changed', message: message('summary.file_changed') }
      : undefined,
    all === undefined ? undefined : { state: 'paused_all', message: message('summary.paused_all', all) },
    configuration.apps === 0 ? { state: 'no_apps', message: message('summary.no_apps') } : undefined,
  ];
  return found.flatMap((standing) => standing ?? []);
}

/** A round that failed as a whole; what failed of its entries is counted as such. */
function findRoundFailure({ loop }: StatusFacts): Standing | undefined {
  const { consecutiveFailures: count, lastReport } = loop;
  if (count === 0 || lastReport === null) return undefined;
  const { failure, result, outcomes } = lastReport;
  if (failure === undefined && outcomes.some(isFailure)) {
    const isRefused = outcomes.some((outcome) => outcome.failure?.kind === 'auth');
    return isRefused ? { state: 'token_refused', message: message('summary.token_refused') } : undefined;
  }
  if (failure?.kind === 'auth') return { state: 'token_refused', message: message('summary.token_refused') };
  const why = { count, reason: describeFailure(lastReport) };
  if (result === 'unreadable') return { state: 'unreachable', message: message('summary.unreachable', why) };
  return { state: 'rounds_failing', message: message('summary.rounds_failing', why) };
}

function findFileProblem(configuration: ConfigurationStanding): Standing | undefined {
  const { problem, detached } = configuration;
  const [file] = detached;
  if (problem === undefined && file !== undefined) {
    return { state: 'file_held', message: message('daemon.file_detached', { file }) };
  }
  const description = describeProblem(configuration);
  if (problem === undefined || description === undefined) return undefined;
  return { state: problem.kind === 'held' ? 'file_held' : 'file_invalid', message: description };
}

/** What is shown is from before: the last rounds did not read the account, or none came when it should. */
function findStale({ loop, now, zone }: StatusFacts): Standing | undefined {
  const { lastPlanned, lastReport, next, running } = loop;
  if (lastPlanned === null) return undefined;
  const isLate = running === null && next !== null && now > next.at + OVERDUE_MS;
  if (!isLate && lastReport?.plan !== undefined) return undefined;
  const since = formatLocalTime(lastPlanned.endedAt, now, zone);
  return { state: 'stale', message: message('summary.stale', { since }) };
}

/** Until when everything is paused, by the pause that lasts longest. */
function pausesOfAll({ pauses, now, zone }: StatusFacts): { readonly until: string | undefined } | undefined {
  const ends = pauses.flatMap(({ key, pause }) => (key === null ? [pause.until ?? Infinity] : []));
  if (ends.length === 0) return undefined;
  const last = Math.max(...ends);
  return { until: Number.isFinite(last) ? formatLocalTime(last, now, zone) : undefined };
}

function describeNext({ loop, now, zone }: StatusFacts): readonly Message[] {
  if (loop.running !== null) return [message('daemon.round_running', { round: loop.running.round })];
  if (loop.next === null) return [];
  return [message('daemon.next_round', { time: formatLocalTime(loop.next.at, now, zone) })];
}

/** How many entries are in sync, need a decision or fail. */
export function countApps(facts: StatusFacts): { in_sync: number; held: number; failed: number } {
  const { counts } = summarise(facts);
  return {
    in_sync: counts.in_sync,
    held: counts.needs_approval + counts.needs_decision,
    failed: counts.failing,
  };
}

/** Why the files were rejected; undefined when they are active. */
export function describeProblem({ problem }: ConfigurationStanding): Message | undefined {
  if (problem === undefined) return undefined;
  if (problem.kind === 'held') {
    return message('daemon.configuration_held', { reason: problem.hold.reason });
  }
  const [first] = problem.diagnostics;
  if (first === undefined) return message('daemon.configuration_invalid');
  const { file, line } = first.position;
  return message('daemon.configuration_invalid_at', { file, line, problem: first.message });
}

/** Why a round failed, in one sentence. */
export function describeFailure({ failure, outcomes, result }: RoundReport): Message {
  const found = failure ?? outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
  return found?.message ?? message('daemon.round_ended_as', { result: message(`page.result_${result}`) });
}
