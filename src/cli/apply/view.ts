/** The outcomes of an apply, as text or as JSON. */

import { formatPlanJson } from '../../documents/plan-json.ts';
import { say, type Translate } from '../../messages/say.ts';
import type { CallReport } from '../../model/calls.ts';
import type { Plan } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';
import { createPaint, type View } from '../views/layout.ts';

/** Above this many, applied changes are counted instead of listed. */
const LISTED_MAX = 40;

export function formatOutcomes(outcomes: readonly Outcome[], view: View): string {
  const { translate } = view;
  if (outcomes.length === 0) return '';
  const applied = outcomes.filter((outcome) => outcome.result === 'applied');
  const failed = outcomes.filter((outcome) => outcome.result === 'failed');
  const skipped = outcomes.filter((outcome) => outcome.result === 'skipped');
  const listed = applied.length > LISTED_MAX ? [] : applied;
  const lines = [
    ...listed.map(
      (outcome) => `  ${translate(`cli.done_${outcome.change.action}`)} ${describe(outcome, translate)}`,
    ),
    ...outcomes.flatMap((outcome) =>
      outcome.warnings.map(
        (text) => `  ${translate('cli.warning_for', { who: describe(outcome, translate), text })}`,
      ),
    ),
    ...failed.flatMap((outcome) => formatFailure(outcome, translate)),
    ...skipped.map(
      (outcome) =>
        `  ${translate('cli.skipped', { action: translate(`page.action_${outcome.change.action}`), who: describe(outcome, translate) })}`,
    ),
  ];
  const counts = [
    translate('cli.count_applied', { count: applied.length }),
    failed.length > 0
      ? createPaint(view.color).red(translate('cli.count_failed', { count: failed.length }))
      : '',
    skipped.length > 0 ? translate('cli.count_skipped', { count: skipped.length }) : '',
  ].filter((part) => part !== '');
  return [...lines, translate('cli.apply_done', { counts }), ''].join('\n');
}

function formatFailure(outcome: Outcome, translate: Translate): string[] {
  const { failure, change, calls } = outcome;
  const failed = calls.filter((call) => call.failure !== undefined);
  const advice = failure !== undefined && 'advice' in failure ? failure.advice : undefined;
  const action = translate('cli.failed_to', { action: translate(`page.action_${change.action}`) });
  const why = failure === undefined ? translate('cli.no_reason') : translate(failure.message);
  return [
    `  ${translate('labelled', { label: `${action} ${describe(outcome, translate)}`, value: why })}`,
    ...(advice === undefined ? [] : [`    ${translate(advice)}`]),
    ...failed.map((call) => `    ${describeCall(call, translate)}`),
  ];
}

/** What the platform's support asks for. */
function describeCall(call: CallReport, translate: Translate): string {
  const { operation, status, code, logid, attempt } = call;
  const facts = [
    status === undefined ? translate('cli.no_response') : `HTTP ${status}`,
    ...(code === undefined ? [] : [`code ${code}`]),
    ...(logid === undefined ? [] : [`logid ${logid}`]),
    ...(attempt > 1 ? [translate('cli.attempt', { attempt })] : []),
  ];
  return translate('labelled', { label: operation, value: translate('comma_list', { items: facts }) });
}

function describe({ change, id }: Outcome, translate: Translate): string {
  const key = change.key ?? change.name ?? translate('cli.an_unmanaged_app');
  const known = id ?? change.id;
  return known === null ? key : translate('named', { name: key, id: known });
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
    failure: failure === undefined ? null : toFailureJson(failure),
    warnings: warnings.map((warning) => say(warning)),
    calls: calls.map(toCallJson),
  };
}

function toFailureJson(failure: NonNullable<Outcome['failure']>): Record<string, unknown> {
  const advice = 'advice' in failure ? failure.advice : undefined;
  return {
    ...failure,
    message: say(failure.message),
    ...(advice === undefined ? {} : { advice: say(advice) }),
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
