/** The one JSON document of `callbackd rehearse -o json` (schema/rehearsal.schema.json). Pure. */

import type { RetoldRun } from '../../model/drill.ts';
import type { Withheld } from '../../model/plan.ts';
import type { Violation } from '../../model/promise.ts';
import type { DrillReport } from '../rehearse/collect-runs.ts';

export function formatRehearsalJson(report: DrillReport): string {
  const { subject, seeds, end, worstRecovery: worst, calm } = report;
  return toText({
    format_version: 1,
    entries: subject.entries,
    account_apps: subject.found,
    first_seed: seeds.from,
    runs: seeds.count,
    ended_by: end,
    calls: report.calls,
    rounds: report.rounds,
    crashes: report.crashes,
    incidents: report.incidents,
    virtual_ms: report.virtualMs,
    worst_recovery: worst === undefined ? null : { ms: worst.ms, seed: worst.seed },
    undisturbed: {
      calls: calm.calls,
      in_line_after_ms: calm.ms ?? null,
      calls_per_round: calm.callsPerRound,
    },
    violations: report.violations.map(({ seed, violation }) => toViolation(seed, violation)),
    held: report.held.map(toHeld),
    held_after_trouble: report.heldInTrouble,
    findings: report.pitfalls,
    assumptions: subject.assumptions,
  });
}

export function formatRetoldJson(seed: number, { violation, size, trace }: RetoldRun): string {
  return toText({
    format_version: 1,
    seed,
    violation: violation === undefined ? null : toViolation(seed, violation),
    story: { incidents: size.incidents, entries: size.entries, account_apps: size.found },
    trace,
  });
}

function toViolation(seed: number, { promise, at, message }: Violation) {
  return { promise, seed, at_ms: at, message };
}

function toHeld({ action, key, id, reason, needsDecision, message, release }: Withheld) {
  return {
    ...{ action, key, id, reason },
    needs_decision: needsDecision,
    message,
    release,
  };
}

function toText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
