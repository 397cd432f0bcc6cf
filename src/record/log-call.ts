/** One attempt of one request as a log line. The report holds no secret and no body; nothing else is looked at. */

import type { CallContext, CallReport, FailureKind } from '../model/calls.ts';
import type { EventLog } from './event-log.ts';

/** What follows a failure of each kind, within the bounds for attempts; docs/errors.md has it in sentences. */
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
export function logCall(
  log: EventLog,
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
