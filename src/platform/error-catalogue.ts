/**
 * Every way a request can fail, and what follows. docs/errors.md is generated from this list;
 * `classify-reply.ts` chooses the case. Codes and meanings: the vendor's error code table (December 2025) and
 * third parties' measurements.
 */

import { type Message, message } from '../messages/message.ts';
import type { FailureKind } from '../model/calls.ts';

export interface ErrorCase {
  readonly kind: FailureKind;
  /** Completes "the request failed: ...". */
  readonly meaning: Message;
  /** What callbackd does, for the reference page. */
  readonly response: Message;
  /** What the operator should do, where there is something to do. */
  readonly advice?: Message;
  /** A request that is safe to repeat is repeated. */
  readonly repeat: boolean;
  /** The request may have been processed all the same: a create that ends so is never repeated. */
  readonly mayBeProcessed: boolean;
  /** The platform wants fewer requests: the shared pacing slows down. */
  readonly slowDown: boolean;
}

const REPEATED = message('platform.repeats');
const REPEATED_BUT_CREATE = message('platform.repeats_but_create');
const NOT_REPEATED = message('platform.backs_off');
const NEXT_ROUND = message('platform.waits_for_next_round');

const plain = { repeat: false, mayBeProcessed: false, slowDown: false };
const lost = { repeat: true, mayBeProcessed: true, slowDown: false };
const paced = { repeat: true, mayBeProcessed: false, slowDown: true };

export const ERROR_CASES = {
  connection_failed: {
    ...plain,
    kind: 'transient',
    repeat: true,
    meaning: message('platform.connection_failed'),
    response: REPEATED,
    advice: message('platform.connection_failed_advice'),
  },
  tls: {
    ...plain,
    kind: 'transient',
    meaning: message('platform.tls'),
    response: NEXT_ROUND,
    advice: message('platform.tls_advice'),
  },
  proxy_failed: {
    ...plain,
    kind: 'transient',
    repeat: true,
    meaning: message('platform.proxy_failed'),
    response: REPEATED,
    advice: message('platform.proxy_failed_advice'),
  },
  proxy_refused: {
    ...plain,
    kind: 'transient',
    meaning: message('platform.proxy_refused'),
    response: NEXT_ROUND,
    advice: message('platform.proxy_refused_advice'),
  },
  reply_lost: {
    ...lost,
    kind: 'transient',
    meaning: message('platform.reply_lost'),
    response: REPEATED_BUT_CREATE,
    advice: message('platform.reply_lost_advice'),
  },
  reply_truncated: {
    ...lost,
    kind: 'transient',
    meaning: message('platform.reply_truncated'),
    response: REPEATED_BUT_CREATE,
    advice: message('platform.reply_truncated_advice'),
  },
  reply_oversized: {
    ...lost,
    repeat: false,
    kind: 'bad_response',
    meaning: message('platform.reply_oversized'),
    response: message('platform.reads_no_further'),
    advice: message('platform.reply_oversized_advice'),
  },
  redirected: {
    ...lost,
    repeat: false,
    kind: 'bad_response',
    meaning: message('platform.redirected'),
    response: message('platform.follows_no_redirect'),
    advice: message('platform.redirected_advice'),
  },
  not_json: {
    ...lost,
    kind: 'bad_response',
    meaning: message('platform.not_json'),
    response: REPEATED_BUT_CREATE,
    advice: message('platform.not_json_advice'),
  },
  unexpected_shape: {
    ...lost,
    repeat: false,
    kind: 'bad_response',
    meaning: message('platform.unexpected_shape'),
    response: message('platform.acts_on_nothing'),
    advice: message('platform.unexpected_shape_advice'),
  },
  server_error: {
    ...lost,
    kind: 'transient',
    meaning: message('platform.server_error'),
    response: REPEATED_BUT_CREATE,
    advice: message('platform.server_error_advice'),
  },
  internal_error: {
    ...lost,
    kind: 'transient',
    meaning: message('platform.internal_error'),
    response: REPEATED_BUT_CREATE,
    advice: message('platform.internal_error_advice'),
  },
  system_busy: {
    ...paced,
    // It names the whole system, not a limiter in front of it: what it had begun by then is not known.
    mayBeProcessed: true,
    kind: 'transient',
    meaning: message('platform.system_busy'),
    response: message('platform.slows_down_but_create', { repeats: REPEATED_BUT_CREATE }),
  },
  rate_limited: {
    ...paced,
    kind: 'rate_limited',
    meaning: message('platform.rate_limited'),
    response: message('platform.slows_down'),
    advice: message('platform.rate_limited_advice'),
  },
  token_refused: {
    ...plain,
    kind: 'auth',
    meaning: message('platform.token_refused'),
    response: message('platform.reads_token_again'),
    advice: message('platform.token_refused_advice'),
  },
  permission_missing: {
    ...plain,
    kind: 'permission',
    meaning: message('platform.permission_missing'),
    response: message('platform.leaves_entry_alone'),
    advice: message('platform.permission_missing_advice'),
  },
  invalid_request: {
    ...plain,
    kind: 'invalid',
    meaning: message('platform.invalid_request'),
    response: NOT_REPEATED,
    advice: message('platform.invalid_request_advice'),
  },
  unknown_endpoint: {
    ...plain,
    kind: 'invalid',
    meaning: message('platform.unknown_endpoint'),
    response: NOT_REPEATED,
    advice: message('platform.unknown_endpoint_advice'),
  },
  app_not_found: {
    ...plain,
    kind: 'not_found',
    meaning: message('platform.app_not_found'),
    response: message('platform.takes_delete_as_done'),
  },
  risk_control: {
    ...plain,
    kind: 'paused_by_platform',
    meaning: message('platform.risk_control'),
    response: NEXT_ROUND,
    advice: message('platform.risk_control_advice'),
  },
  account_in_arrears: {
    ...plain,
    kind: 'paused_by_platform',
    meaning: message('platform.account_in_arrears'),
    response: NEXT_ROUND,
    advice: message('platform.account_in_arrears_advice'),
  },
  quota_used_up: {
    ...plain,
    kind: 'paused_by_platform',
    meaning: message('platform.quota_used_up'),
    response: NEXT_ROUND,
    advice: message('platform.quota_used_up_advice'),
  },
  balance_too_low: {
    ...plain,
    kind: 'paused_by_platform',
    meaning: message('platform.balance_too_low'),
    response: NEXT_ROUND,
    advice: message('platform.balance_too_low_advice'),
  },
  unknown_code: {
    ...plain,
    kind: 'invalid',
    meaning: message('platform.unknown_code'),
    response: NOT_REPEATED,
    advice: message('platform.unknown_code_advice'),
  },
  credentials_unusable: {
    ...plain,
    kind: 'auth',
    meaning: message('platform.credentials_unusable'),
    response: message('platform.stops_the_round'),
    advice: message('platform.credentials_unusable_advice'),
  },
  budget_used_up: {
    ...plain,
    kind: 'budget',
    meaning: message('platform.budget_used_up'),
    response: message('platform.waits_for_next_day'),
    advice: message('platform.budget_used_up_advice'),
  },
  overtaken: {
    ...plain,
    kind: 'aborted',
    meaning: message('platform.overtaken'),
    response: message('platform.plans_anew'),
  },
  stopped: {
    ...plain,
    kind: 'aborted',
    meaning: message('platform.stopped'),
    response: message('platform.left_to_next_round'),
  },
} as const satisfies Readonly<Record<string, ErrorCase>>;

export type ErrorCaseName = keyof typeof ERROR_CASES;
