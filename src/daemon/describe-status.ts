/**
 * Judges and describes the daemon from facts: healthy or not, ready or not, its condition, one sentence. It reads no
 * clock and holds no secret.
 */

import type { Pause } from '../model/desired.ts';
import type { RoundReport } from '../model/round.ts';
import type { ConfigurationStanding } from './configuration-keeper.ts';
import { formatLocalTime, type ZoneReader } from './local-time.ts';
import type { CallsToday } from './ports.ts';
import type { LoopFacts } from './round-loop.ts';

/** `starting`: no round has planned yet. The worst of what is true wins. */
export type DaemonCondition = 'starting' | 'in_sync' | 'held' | 'failing' | 'stalled' | 'stopping';

export interface StatusFacts {
  readonly version: string;
  readonly callsToday: CallsToday;
  readonly endpoint: string;
  readonly startedAt: number;
  readonly now: number;
  /** The zone of the schedule; the sentence tells times in it. */
  readonly zone: ZoneReader;
  readonly loop: LoopFacts;
  readonly configuration: ConfigurationStanding;
  readonly isStalled: boolean;
  readonly silentMs: number;
  readonly isStopping: boolean;
  readonly paused: Pause | undefined;
}

/** A yes or no with its reason, for probes and people. */
export interface Verdict {
  readonly ok: boolean;
  readonly reason: string;
}

/** Whether the loop moves on; what `/healthz` answers and the watchdog is fed by. */
export function judgeHealth(facts: StatusFacts): Verdict {
  if (!facts.isStalled) return { ok: true, reason: 'the loop moves on' };
  return { ok: false, reason: `the loop has not moved on for ${Math.round(facts.silentMs / 1000)} s` };
}

/** Whether the account was ever listed completely by this process; what `/readyz` answers. */
export function judgeReadiness({ loop }: StatusFacts): Verdict {
  if (loop.lastPlanned !== null) return { ok: true, reason: 'the account has been listed completely' };
  if (loop.lastReport === null) return { ok: false, reason: 'the first round has not ended yet' };
  return { ok: false, reason: `the account could not be listed: ${describeFailure(loop.lastReport)}` };
}

export function judgeCondition(facts: StatusFacts): DaemonCondition {
  const { loop, configuration } = facts;
  if (facts.isStopping) return 'stopping';
  if (facts.isStalled) return 'stalled';
  if (loop.consecutiveFailures > 0) return 'failing';
  if (loop.lastPlanned === null) return 'starting';
  return countApps(facts).held > 0 || configuration.problem !== undefined ? 'held' : 'in_sync';
}

/** One line, such as `42 apps in sync, 1 held, next round 03:12`. */
export function describeStatus(facts: StatusFacts): string {
  const { loop, now } = facts;
  const counts = countApps(facts);
  const next = loop.next === null ? [] : [`next round ${formatLocalTime(loop.next.at, now, facts.zone)}`];
  const parts = [
    ...(facts.isStopping ? ['stopping'] : []),
    ...describeProblem(facts.configuration),
    ...(facts.paused === undefined ? [] : ['paused']),
    loop.lastPlanned === null
      ? 'no round has read the account yet'
      : `${count(counts.in_sync, 'app')} in sync`,
    ...(counts.held > 0 ? [`${counts.held} held`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(loop.consecutiveFailures > 0 && loop.lastReport !== null
      ? [`${count(loop.consecutiveFailures, 'failed round')} (${describeFailure(loop.lastReport)})`]
      : []),
    ...(loop.running === null ? next : [`round ${loop.running.round} running`]),
  ];
  return parts.join(', ');
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

/** What is wrong with the files, as a part of a sentence; empty when nothing is. */
export function describeProblem({ problem }: ConfigurationStanding): string[] {
  if (problem === undefined) return [];
  if (problem.kind === 'held') return [`configuration held (${problem.hold.reason})`];
  const [first] = problem.diagnostics;
  const where =
    first === undefined ? '' : ` (${first.position.file}:${first.position.line}: ${first.message})`;
  return [`configuration invalid, the last good one is in force${where}`];
}

/** Why a round failed, in one sentence. */
export function describeFailure(report: RoundReport): string {
  if (report.failure !== undefined) return report.failure.message;
  const failed = report.outcomes.find((outcome) => outcome.failure !== undefined);
  return failed?.failure?.message ?? `the round ended as ${report.result}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
