/**
 * A plan, its outcomes, the calls and the round, as events. Levels follow what the plan or the failure
 * already decided.
 */

import { say } from '../messages/say.ts';
import type { CallContext, CallReport, FailureDetails, FailureKind } from '../model/calls.ts';
import { assertNever } from '../model/invariant.ts';
import { findMarkedElsewhere, type Plan, type Withheld } from '../model/plan.ts';
import type { Outcome, RoundReport } from '../model/round.ts';
import type { State } from '../model/state.ts';
import type { EventLog, EventWriter } from './event-log.ts';

/** Entries named on one line; the rest is counted. */
const KEYS_MAX = 10;

type Failure = NonNullable<Outcome['failure']> | NonNullable<RoundReport['failure']>;

/** Failures that persist until a person acts, unlike those that are retried or resolve themselves. */
const NEEDS_PERSON: readonly Failure['kind'][] = ['auth', 'permission', 'invalid', 'internal', 'disk'];

export function writePlan(log: EventLog, plan: Plan): void {
  const { digest, summary, changes, withheld } = plan;
  if (changes.length > 0) log.write('plan_made', { digest, ...summary });
  else {
    const { unchanged, unmanaged } = summary;
    log.write('plan_empty', { digest, unchanged, withheld: summary.withheld, unmanaged });
  }
  const elsewhere = findMarkedElsewhere(plan);
  if (elsewhere.length > 0) {
    const appIds = elsewhere.map(({ id }) => id).slice(0, KEYS_MAX);
    log.write('another_writer', { appIds, marks: [...new Set(elsewhere.flatMap(({ mark }) => mark ?? []))] });
  }
  for (const held of groupByReason(withheld.filter((held) => held.needsDecision))) writeDecision(log, held);
  if (log.writes('change_withheld')) for (const held of withheld) writeWithheld(log, held);
}

/** One line per reason: a thousand apps that are gone at once are one thing to decide. */
function writeDecision(log: EventWriter, group: readonly [Withheld, ...Withheld[]]): void {
  const [{ reason, message, release }] = group;
  const appKeys = group.flatMap(({ key }) => (key === null ? [] : [key])).slice(0, KEYS_MAX);
  log.write('decision_needed', {
    reason,
    held: group.length,
    appKeys,
    detail: say(message),
    release: say(release),
  });
}

function writeWithheld(
  log: EventWriter,
  { action, key, id, reason, message, release, until }: Withheld,
): void {
  const about = { appKey: key ?? undefined, appId: id ?? undefined };
  log.write('change_withheld', {
    action,
    ...about,
    reason,
    detail: say(message),
    release: say(release),
    until,
  });
}

function groupByReason(withheld: readonly Withheld[]): readonly (readonly [Withheld, ...Withheld[]])[] {
  const groups = new Map<string, [Withheld, ...Withheld[]]>();
  for (const held of withheld) {
    const group = groups.get(held.reason);
    if (group === undefined) groups.set(held.reason, [held]);
    else group.push(held);
  }
  return [...groups.values()];
}

export function writeOutcome(log: EventWriter, outcome: Outcome): void {
  const { change, result, calls, failure, warnings, skippedBecause } = outcome;
  const about = {
    action: change.action,
    appKey: change.key ?? undefined,
    appId: outcome.id ?? change.id ?? undefined,
    reason: change.reason,
  };
  const durationMs = outcome.endedAt - outcome.startedAt;
  if (result === 'skipped') {
    log.write('change_skipped', {
      ...about,
      detail: skippedBecause === undefined ? 'the round ended' : say(skippedBecause),
    });
  } else if (failure === undefined) {
    const paths = change.fields.map((field) => field.path);
    const { logid } = calls.at(-1) ?? {};
    log.write('change_applied', { ...about, paths, durationMs, calls: calls.length, logid });
  } else {
    const name = NEEDS_PERSON.includes(failure.kind) ? 'change_refused' : 'change_failed';
    log.write(name, { ...about, durationMs, ...tellFailure(failure) });
  }
  for (const warning of warnings) log.write('change_warning', { ...about, warning: say(warning) });
}

/** `nextAt`: when the next round begins, in milliseconds since the epoch; `null` when none will. */
export function writeRound(log: EventWriter, report: RoundReport, nextAt: number | null): void {
  const { round, triggers, result, outcomes, plan, failure, calls } = report;
  const count = (wanted: Outcome['result']) => outcomes.filter((outcome) => outcome.result === wanted).length;
  const fields = {
    round,
    triggers,
    result,
    durationMs: report.endedAt - report.startedAt,
    calls,
    applied: count('applied'),
    failed: count('failed'),
    skipped: count('skipped'),
    withheld: plan?.summary.withheld,
    needDecision: plan?.withheld.filter((held) => held.needsDecision).length,
    unchanged: plan?.summary.unchanged,
    nextAt: nextAt ?? undefined,
    report,
  };
  const told = failure === undefined ? {} : tellFailure(failure);
  switch (result) {
    case 'converged':
      log.write(outcomes.length === 0 ? 'round_quiet' : 'round_ended', fields);
      return;
    case 'held':
      log.write('round_held', fields);
      return;
    case 'aborted':
      log.write('round_cut_short', fields);
      return;
    case 'failed':
    case 'unreadable': {
      const isBlocked = failure !== undefined && NEEDS_PERSON.includes(failure.kind);
      log.write(isBlocked ? 'round_blocked' : 'round_failed', { ...fields, ...told });
      return;
    }
    default:
      assertNever(result);
  }
}

function tellFailure(failure: Failure) {
  const { advice, operation, status, code, logid }: Partial<FailureDetails> =
    'operation' in failure ? failure : {};
  return {
    failure: failure.kind,
    err: say(failure.message),
    advice: advice === undefined ? undefined : say(advice),
    operation,
    status,
    code,
    logid,
  };
}

/**
 * What follows a failure of each kind, within the bounds for attempts; docs/errors.md has it in sentences.
 */
const NEXT: Readonly<Record<FailureKind, string>> = {
  transient: 'repeat_if_safe',
  rate_limited: 'slow_down_and_repeat',
  auth: 'look_for_another_token',
  permission: 'look_for_another_token',
  invalid: 'back_off_entry',
  not_found: 'decide_from_next_listing',
  paused_by_platform: 'stop_round',
  unknown_outcome: 'settle_by_listing',
  bad_response: 'do_not_believe_it',
  budget: 'wait_for_next_day',
  aborted: 'leave_to_next_round',
};

/** `context` says on whose behalf it was sent. */
export function writeCall(
  log: EventWriter,
  report: CallReport,
  context: Pick<CallContext, 'appKey' | 'appId'> = {},
): void {
  const { operation, method, path, status, code, msg, logid, attempt, failure } = report;
  log.write('coze_api_call', {
    operation,
    method,
    path,
    status,
    code,
    logid,
    durationMs: Math.round(report.durationMs),
    attempt,
    appKey: context.appKey,
    appId: context.appId,
    failure,
    ...(failure === undefined ? {} : { err: explainFailure(status, msg), next: NEXT[failure] }),
  });
}

function explainFailure(status: number | undefined, msg: string | undefined): string {
  if (msg !== undefined && msg !== '') return msg;
  return status === undefined ? 'no reply' : `HTTP status ${status}`;
}

export interface OpenedState {
  readonly stateDir: string;
  readonly state: State;
  /** Bytes of an unfinished record that recovery dropped; 0 after a clean end. */
  readonly recoveredBytes: number;
}

export function writeOpenedState(log: EventWriter, { stateDir, state, recoveredBytes }: OpenedState): void {
  const { lineage, serial, apps, intents } = state;
  log.write('state_opened', { stateDir, lineage, serial, apps: apps.size, intents: intents.size });
  if (recoveredBytes > 0) log.write('state_recovered', { stateDir, droppedBytes: recoveredBytes });
}
