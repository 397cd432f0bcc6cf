/** Health, readiness, condition and the status line of the daemon, derived from facts. Holds no secret. */

import { type Message, message } from '../messages/message.ts';
import type { Pause } from '../model/desired.ts';
import type { RoundReport } from '../model/round.ts';
import type { ConfigurationStanding } from './configuration-keeper.ts';
import { formatLocalTime, type ZoneReader } from './local-time.ts';
import type { CallsToday } from './ports.ts';
import type { LoopFacts } from './round-loop.ts';

/** The worst that applies. `starting`: no round has planned yet. */
export type DaemonCondition = 'starting' | 'in_sync' | 'held' | 'failing' | 'stalled' | 'stopping';

export interface StatusFacts {
  readonly version: string;
  readonly callsToday: CallsToday;
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
  readonly paused: Pause | undefined;
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
export function judgeReadiness({ loop }: StatusFacts): Verdict {
  if (loop.lastPlanned !== null) return { ok: true, reason: message('daemon.ready') };
  if (loop.lastReport === null) return { ok: false, reason: message('daemon.first_round_running') };
  return { ok: false, reason: message('daemon.not_listed', { reason: describeFailure(loop.lastReport) }) };
}

export function judgeCondition(facts: StatusFacts): DaemonCondition {
  const { loop, configuration } = facts;
  if (facts.isStopping) return 'stopping';
  if (facts.isStalled) return 'stalled';
  if (loop.consecutiveFailures > 0) return 'failing';
  if (loop.lastPlanned === null) return 'starting';
  return countApps(facts).held > 0 || configuration.problem !== undefined ? 'held' : 'in_sync';
}

/** The status line, such as `42 apps in sync, 1 held, next round 03:12`. */
export function describeStatus(facts: StatusFacts): Message {
  const { loop, paused, configuration, isStopping } = facts;
  const counts = countApps(facts);
  const problem = describeProblem(configuration);
  const parts = [
    ...(isStopping ? [message('daemon.stopping')] : []),
    ...(problem === undefined ? [] : [problem]),
    ...(paused === undefined ? [] : [message('daemon.paused')]),
    loop.lastPlanned === null
      ? message('daemon.not_read_yet')
      : message('daemon.in_sync', { count: counts.in_sync }),
    ...(counts.held > 0 ? [message('daemon.held', { count: counts.held })] : []),
    ...(counts.failed > 0 ? [message('daemon.failed', { count: counts.failed })] : []),
    ...describeFailedRounds(loop),
    ...describeNext(facts),
  ];
  return message('daemon.status', { parts });
}

function describeFailedRounds({ consecutiveFailures: count, lastReport }: LoopFacts): readonly Message[] {
  if (count === 0 || lastReport === null) return [];
  return [message('daemon.failed_rounds', { count, reason: describeFailure(lastReport) })];
}

function describeNext({ loop, now, zone }: StatusFacts): readonly Message[] {
  if (loop.running !== null) return [message('daemon.round_running', { round: loop.running.round })];
  if (loop.next === null) return [];
  return [message('daemon.next_round', { time: formatLocalTime(loop.next.at, now, zone) })];
}

/** How many apps are in sync, held or failed, by the last round that planned. */
export function countApps({ loop }: StatusFacts): { in_sync: number; held: number; failed: number } {
  const { plan, outcomes } = loop.lastPlanned ?? { plan: undefined, outcomes: [] };
  const applied = outcomes.filter(
    ({ result, change }) => result === 'applied' && change.action !== 'delete' && change.action !== 'forget',
  );
  return {
    in_sync: (plan?.summary.unchanged ?? 0) + applied.length,
    held: (plan?.withheld ?? []).filter((withheld) => withheld.needsDecision).length,
    failed: outcomes.filter(({ result }) => result === 'failed').length,
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
  return found?.message ?? message('daemon.round_ended_as', { result });
}
