/** The outcomes of an apply, as text or as JSON. */

import { formatPlanJson } from '../../documents/plan-json.ts';
import { say } from '../../messages/say.ts';
import type { CallReport } from '../../model/calls.ts';
import type { Plan } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';
import { DONE } from '../views/history-text.ts';

/** Above this many, applied changes are counted instead of listed. */
const LISTED_MAX = 40;

export function formatOutcomes(outcomes: readonly Outcome[], { color }: { readonly color: boolean }): string {
  if (outcomes.length === 0) return '';
  const applied = outcomes.filter((outcome) => outcome.result === 'applied');
  const failed = outcomes.filter((outcome) => outcome.result === 'failed');
  const skipped = outcomes.filter((outcome) => outcome.result === 'skipped');
  const listed = applied.length > LISTED_MAX ? [] : applied;
  const lines = [
    ...listed.map((outcome) => `  ${DONE[outcome.change.action]} ${describe(outcome)}`),
    ...outcomes.flatMap((outcome) =>
      outcome.warnings.map((text) => `  warning for ${describe(outcome)}: ${say(text)}`),
    ),
    ...failed.flatMap(formatFailure),
    ...skipped.map((outcome) => `  skipped ${outcome.change.action} ${describe(outcome)}`),
  ];
  const counts = [
    `${applied.length} applied`,
    failed.length > 0 ? paint(`${failed.length} failed`, color) : '',
    skipped.length > 0 ? `${skipped.length} skipped` : '',
  ].filter((part) => part !== '');
  return [...lines, `Done: ${counts.join(', ')}.`, ''].join('\n');
}

function formatFailure(outcome: Outcome): string[] {
  const { failure, change, calls } = outcome;
  const failed = calls.filter((call) => call.failure !== undefined);
  const advice = failure !== undefined && 'advice' in failure ? failure.advice : undefined;
  return [
    `  failed to ${change.action} ${describe(outcome)}: ${failure === undefined ? 'no reason was given' : say(failure.message)}`,
    ...(advice === undefined ? [] : [`    ${say(advice)}`]),
    ...failed.map((call) => `    ${describeCall(call)}`),
  ];
}

/** What the platform's support asks for. */
function describeCall({ operation, status, code, logid, attempt }: CallReport): string {
  const facts = [
    status === undefined ? 'no response' : `HTTP ${status}`,
    ...(code === undefined ? [] : [`code ${code}`]),
    ...(logid === undefined ? [] : [`logid ${logid}`]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
  ];
  return `${operation}: ${facts.join(', ')}`;
}

function describe({ change, id }: Outcome): string {
  const key = change.key ?? change.name ?? 'an unmanaged app';
  const known = id ?? change.id;
  return known === null ? key : `${key} (${known})`;
}

function paint(text: string, color: boolean): string {
  return color ? `\u001b[31m${text}\u001b[39m` : text;
}

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
