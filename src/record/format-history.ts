/** Converts an outcome to one line of the history, and back. Incomplete lines are not entries. */

import { say } from '../messages/say.ts';
import type { CallReport, FailureDetails } from '../model/calls.ts';
import type { HistoryEntry, HistoryFailure, HistoryRequest } from '../model/history.ts';
import type { Outcome } from '../model/round.ts';

/** The entry of an outcome; undefined for a skipped one, for which nothing happened. */
export function describeOutcome(round: number, outcome: Outcome): HistoryEntry | undefined {
  const { change, result } = outcome;
  if (result === 'skipped') return undefined;
  return {
    time: new Date(outcome.endedAt).toISOString(),
    round,
    action: change.action,
    key: change.key,
    id: outcome.id ?? change.id,
    app_type: change.appType,
    name: change.name,
    reason: change.reason,
    fields: change.fields.map(({ path, before, after, changedBy }) => ({
      path,
      before,
      after,
      changed_by: changedBy,
    })),
    result,
    failure: outcome.failure === undefined ? null : describeFailure(outcome.failure),
    warnings: outcome.warnings.map((warning) => say(warning)),
    requests: outcome.calls.map(describeRequest),
  };
}

export function formatHistoryLine(entry: HistoryEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Undefined for a line that a crash truncated, or that is not of this format. */
export function parseHistoryLine(line: string): HistoryEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEntry = typeof value === 'object' && value !== null && 'time' in value && 'action' in value;
    return isEntry ? (value as HistoryEntry) : undefined;
  } catch {
    return undefined;
  }
}

function describeFailure(failure: NonNullable<Outcome['failure']>): HistoryFailure {
  const { status, code, logid }: Partial<FailureDetails> = 'operation' in failure ? failure : {};
  return {
    kind: failure.kind,
    message: say(failure.message),
    status: status ?? null,
    code: code ?? null,
    logid: logid ?? null,
  };
}

function describeRequest(call: CallReport): HistoryRequest {
  return {
    operation: call.operation,
    status: call.status ?? null,
    code: call.code ?? null,
    logid: call.logid ?? null,
    attempt: call.attempt,
    duration_ms: Math.round(call.durationMs),
    failure: call.failure ?? null,
  };
}
