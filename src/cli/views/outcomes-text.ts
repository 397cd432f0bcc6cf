/** What came of an apply, as text. Pure. */

import type { CallReport } from '../../model/calls.ts';
import type { Action } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';

export const DONE: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'deleted',
  adopt: 'adopted',
  rebind: 'rebound',
  forget: 'forgotten',
};

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
      outcome.warnings.map((text) => `  warning for ${describe(outcome)}: ${text}`),
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
    `  failed to ${change.action} ${describe(outcome)}: ${failure?.message ?? 'no reason was given'}`,
    ...(advice === undefined ? [] : [`    ${advice}`]),
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
