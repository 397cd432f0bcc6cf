/** The one JSON document of `callbackd apply -o json`: the plan and what came of it. Pure. */

import { formatPlanJson } from '../../documents/plan-json.ts';
import type { CallReport } from '../../model/calls.ts';
import type { Plan } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';

export function formatApplyJson(plan: Plan, outcomes: readonly Outcome[]): string {
  const document = {
    format_version: 1,
    plan: JSON.parse(formatPlanJson(plan)),
    summary: {
      applied: count(outcomes, 'applied'),
      failed: count(outcomes, 'failed'),
      skipped: count(outcomes, 'skipped'),
    },
    outcomes: outcomes.map(toOutcomeJson),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function count(outcomes: readonly Outcome[], result: Outcome['result']): number {
  return outcomes.filter((outcome) => outcome.result === result).length;
}

function toOutcomeJson({ change, result, id, failure, warnings, calls }: Outcome): Record<string, unknown> {
  return {
    action: change.action,
    key: change.key,
    id: id ?? change.id,
    result,
    failure: failure ?? null,
    warnings,
    calls: calls.map(toCallJson),
  };
}

function toCallJson({ operation, status, code, logid, attempt, durationMs, failure }: CallReport) {
  return {
    operation,
    status: status ?? null,
    code: code ?? null,
    logid: logid ?? null,
    attempt,
    duration_ms: Math.round(durationMs),
    failure: failure ?? null,
  };
}
