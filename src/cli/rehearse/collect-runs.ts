/** Adds up the runs of a drill for its report. */

import { formatDuration } from '../../messages/format-duration.ts';
import { type Message, message } from '../../messages/message.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { DesiredApp } from '../../model/desired.ts';
import type { DrillRun, DrillSetup, FaultFreeRun } from '../../model/drill.ts';
import type { Withheld, WithheldReason } from '../../model/plan.ts';
import type { Violation } from '../../model/promise.ts';

/** Why a drill ended. */
export type DrillEnd = 'runs' | 'time' | 'interrupted';

export interface DrillReport {
  readonly subject: DrillSetup;
  readonly seeds: { readonly from: number; readonly count: number };
  readonly end: DrillEnd;
  readonly calls: number;
  readonly rounds: number;
  readonly crashes: number;
  readonly incidents: number;
  readonly virtualMs: number;
  readonly worstRecovery: { readonly seed: number; readonly ms: number } | undefined;
  /** A seed of 0 is the run in which nothing goes wrong. */
  readonly violations: readonly { readonly seed: number; readonly violation: Violation }[];
  /** Withheld although nothing went wrong. */
  readonly held: readonly Withheld[];
  /** What needed a decision in the end of runs with trouble, the most frequent first. */
  readonly heldAfterFaults: readonly {
    readonly reason: WithheldReason;
    readonly runs: number;
    readonly seed: number;
  }[];
  readonly faultFree: {
    readonly calls: number;
    readonly ms: number | undefined;
    readonly callsPerRound: number;
  };
  readonly pitfalls: readonly Message[];
}

export interface RunCollection {
  add(run: DrillRun): void;
  readonly runs: number;
  readonly violations: DrillReport['violations'];
  report(end: DrillEnd): DrillReport;
}

export function collectRuns(
  configuration: Configuration,
  {
    subject,
    faultFree,
    from,
  }: { readonly subject: DrillSetup; readonly faultFree: FaultFreeRun; readonly from: number },
): RunCollection {
  const runs: Omit<DrillRun, 'withheld'>[] = [];
  const violations: { readonly seed: number; readonly violation: Violation }[] = [];
  const reasons = new Map<WithheldReason, { runs: number; seed: number }>();
  const note = ({ seed, violation }: DrillRun) => {
    if (violation !== undefined) violations.push({ seed, violation });
  };
  note(faultFree);
  const sum = (field: 'calls' | 'rounds' | 'crashes' | 'incidents' | 'virtualMs') =>
    runs.reduce((total, run) => total + run[field], 0);
  return {
    add({ withheld, ...run }) {
      runs.push(run);
      note({ ...run, withheld });
      for (const reason of new Set(withheld.filter((it) => it.needsDecision).map((it) => it.reason))) {
        const known = reasons.get(reason) ?? { runs: 0, seed: run.seed };
        reasons.set(reason, { ...known, runs: known.runs + 1 });
      }
    },
    get runs() {
      return runs.length;
    },
    violations,
    report: (end) => ({
      subject,
      seeds: { from, count: runs.length },
      end,
      calls: sum('calls'),
      rounds: sum('rounds'),
      crashes: sum('crashes'),
      incidents: sum('incidents'),
      virtualMs: sum('virtualMs'),
      worstRecovery: findWorst(runs),
      violations,
      held: faultFree.withheld,
      heldAfterFaults: [...reasons]
        .map(([reason, found]) => ({ reason, ...found }))
        .sort((left, right) => right.runs - left.runs),
      faultFree: {
        calls: faultFree.calls,
        ms: faultFree.recoveryMs,
        callsPerRound: faultFree.callsPerQuietRound,
      },
      pitfalls: findPitfalls(configuration, faultFree),
    }),
  };
}

function findWorst(runs: readonly Omit<DrillRun, 'withheld'>[]): DrillReport['worstRecovery'] {
  return runs.reduce<DrillReport['worstRecovery']>(
    (worst, { seed, recoveryMs }) =>
      recoveryMs !== undefined && recoveryMs > (worst?.ms ?? -1) ? { seed, ms: recoveryMs } : worst,
    undefined,
  );
}

const DAY_MS = 24 * 60 * 60 * 1000;
const NAMED_MAX = 3;

/** The most important first. */
function findPitfalls({ desired, settings }: Configuration, faultFree: FaultFreeRun): readonly Message[] {
  const apps = [...desired.apps.values()];
  return [
    describeCalls(faultFree, settings.platform.callBudgetPerDay),
    ...describeDeletes(apps.length, settings.policy),
    ...describeRenames(apps),
  ];
}

function describeCalls({ callsPerQuietRound, periodMs }: FaultFreeRun, budget: number | undefined): Message {
  const perRound = Math.ceil(callsPerQuietRound);
  const perDay = Math.ceil((DAY_MS / periodMs) * perRound);
  const calls = { perRound, perDay, period: formatDuration(periodMs) };
  if (budget === undefined) return message('cli.pitfall_calls', calls);
  return perDay > budget
    ? message('cli.pitfall_over_budget', { ...calls, budget })
    : message('cli.pitfall_within_budget', { ...calls, budget });
}

function describeDeletes(
  owned: number,
  { prune, limits }: Configuration['settings']['policy'],
): readonly Message[] {
  if (prune === 'never') return [message('cli.pitfall_never_deleted')];
  if (owned === 0) return [];
  const byShare = Math.max(1, Math.floor(limits.deletesShare * owned));
  const most = Math.min(limits.deletesPerRound, byShare, limits.deletesPerDay, Math.max(1, owned - 1));
  if (most >= owned) return [];
  const which =
    most === limits.deletesPerRound
      ? '`limits.deletes_per_round`'
      : most === limits.deletesPerDay
        ? '`limits.deletes_per_day`'
        : most === byShare
          ? '`limits.deletes_share`'
          : message('cli.pitfall_everything');
  return [
    most === 0
      ? message('cli.pitfall_no_delete', { which })
      : message('cli.pitfall_deletes', { most, owned, which }),
  ];
}

/**
 * A rename of key and name at once is only recognised by a receiver of the entry's own, or by its channel.
 */
function describeRenames(apps: readonly DesiredApp[]): readonly Message[] {
  const sharers = new Map<string, number>();
  for (const { callbackUrl = '' } of apps) sharers.set(callbackUrl, (sharers.get(callbackUrl) ?? 0) + 1);
  const blind = apps.filter(
    ({ appType, callbackUrl = '' }) =>
      appType === 'normal' && (callbackUrl === '' || (sharers.get(callbackUrl) ?? 0) > 1),
  );
  if (blind.length === 0) return [];
  const keys = blind.slice(0, NAMED_MAX).map(({ key }) => key);
  return [message('cli.pitfall_renames', { keys, more: blind.length - keys.length })];
}
