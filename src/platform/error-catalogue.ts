/**
 * Every way a request can fail, as data: what it means, what callbackd does about it, what the operator should do.
 * docs/errors.md holds the same list, and a test compares the two. Which case a reply is, `classify-reply.ts` decides.
 * Codes and meanings: the vendor's error code table (December 2025) and what third parties measured, see `assumptions.ts`.
 */
import type { FailureKind } from '../model/calls.ts';

export interface ErrorCase {
  readonly kind: FailureKind;
  /** Completes "the request failed: ...". */
  readonly meaning: string;
  /** What callbackd does, for the reference page. */
  readonly response: string;
  /** What the operator should do; empty where nothing is to be done. */
  readonly advice: string;
  /** A request that is safe to repeat is repeated. */
  readonly repeat: boolean;
  /** The request may have been processed all the same: a create that ends so is never repeated. */
  readonly mayBeProcessed: boolean;
  /** The platform wants fewer requests: the shared pacing slows down. */
  readonly slowDown: boolean;
}

const REPEATED =
  'Repeats what is safe to repeat, with growing random pauses. A create is repeated too: it was not sent.';
const REPEATED_BUT_CREATE =
  'Repeats what is safe to repeat, with growing random pauses. A create is not repeated but settled: the account is listed until it is clear whether the app exists.';
const NOT_REPEATED = 'Does not repeat it. The entry backs off, up to an hour, until it is edited.';

const plain = { repeat: false, mayBeProcessed: false, slowDown: false };
const lost = { repeat: true, mayBeProcessed: true, slowDown: false };
const paced = { repeat: true, mayBeProcessed: false, slowDown: true };

export const ERROR_CASES = {
  connection_failed: {
    ...plain,
    kind: 'transient',
    repeat: true,
    meaning: 'no connection to the platform could be made',
    response: REPEATED,
    advice: 'check coze.base_url, name resolution, the network and TLS interception on this host',
  },
  reply_lost: {
    ...lost,
    kind: 'transient',
    meaning: 'the request was sent, but no reply came back',
    response: REPEATED_BUT_CREATE,
    advice: 'if it goes on, raise coze.timeout or check the network',
  },
  reply_truncated: {
    ...lost,
    kind: 'transient',
    meaning: 'the reply broke off',
    response: REPEATED_BUT_CREATE,
    advice: 'if it goes on, check the network and any proxy in between',
  },
  reply_oversized: {
    ...lost,
    repeat: false,
    kind: 'bad_response',
    meaning: 'the reply was longer than any reply of this API',
    response: 'Reads no further and does not repeat it.',
    advice: 'check that coze.base_url is the Coze API',
  },
  redirected: {
    ...lost,
    repeat: false,
    kind: 'bad_response',
    meaning: 'the platform answered with a redirect',
    response: 'Does not follow it, because the token would go along.',
    advice: 'set coze.base_url to the final address',
  },
  not_json: {
    ...lost,
    kind: 'bad_response',
    meaning: 'the reply is not a reply of this API',
    response: REPEATED_BUT_CREATE,
    advice: 'check coze.base_url and any proxy in between',
  },
  unexpected_shape: {
    ...lost,
    repeat: false,
    kind: 'bad_response',
    meaning: 'the platform reported success, but what it sent cannot be understood',
    response: 'Does not act on it and does not repeat it.',
    advice: 'report it with the logid: the API may have changed',
  },
  server_error: {
    ...lost,
    kind: 'transient',
    meaning: 'the platform failed inside',
    response: REPEATED_BUT_CREATE,
    advice: 'if it goes on, report the logid to the platform',
  },
  internal_error: {
    ...lost,
    kind: 'transient',
    meaning: 'the platform reports an internal error',
    response: REPEATED_BUT_CREATE,
    advice: 'if it goes on, report the logid to the platform; a wrong id was seen to cause it too',
  },
  system_busy: {
    ...paced,
    // It names the whole system, not a limiter in front of it: what it had begun by then is not known.
    mayBeProcessed: true,
    kind: 'transient',
    meaning: 'the platform is at its limit',
    response: `Slows all requests down. ${REPEATED_BUT_CREATE}`,
    advice: '',
  },
  rate_limited: {
    ...paced,
    kind: 'rate_limited',
    meaning: 'the platform wants fewer requests',
    response: 'Slows all requests down, honours Retry-After, and repeats this one.',
    advice: 'if it goes on, lower coze.max_requests_per_second or find out who else uses the quota',
  },
  token_refused: {
    ...plain,
    kind: 'auth',
    meaning: 'the platform refuses the token',
    response: 'Reads the token again, once. If it is still refused, the round stops and nothing is changed.',
    advice: 'renew the token',
  },
  permission_missing: {
    ...plain,
    kind: 'permission',
    meaning: 'the token may not do this',
    response: 'Looks for a newer token, then leaves this entry alone; the others go on.',
    advice: 'give the token the permission',
  },
  invalid_request: {
    ...plain,
    kind: 'invalid',
    meaning: 'the platform refuses the values',
    response: NOT_REPEATED,
    advice:
      'check the values of the entry; for a callback_url, whether the receiver answers the challenge within 3 s',
  },
  unknown_endpoint: {
    ...plain,
    kind: 'invalid',
    meaning: 'there is no such endpoint at this base URL',
    response: NOT_REPEATED,
    advice: 'check coze.base_url: scheme and host only, no path',
  },
  app_not_found: {
    ...plain,
    kind: 'not_found',
    meaning: 'there is no such app, or it was not created by this account',
    response: 'Takes a delete as done. Everything else is decided anew from the next listing.',
    advice: '',
  },
  risk_control: {
    ...plain,
    kind: 'paused_by_platform',
    meaning: 'the account hit the risk control of the platform',
    response: 'Stops the round and waits for the next one.',
    advice: 'look at the account in the console; lower coze.max_requests_per_second',
  },
  account_in_arrears: {
    ...plain,
    kind: 'paused_by_platform',
    meaning: 'the account is in arrears',
    response: 'Stops the round and waits for the next one.',
    advice: 'settle the bill in the console',
  },
  quota_used_up: {
    ...plain,
    kind: 'paused_by_platform',
    meaning: 'the quota of the account is used up',
    response: 'Stops the round and waits for the next one.',
    advice: 'wait until tomorrow or raise the quota; a sparser reconcile.schedule needs fewer requests',
  },
  balance_too_low: {
    ...plain,
    kind: 'paused_by_platform',
    meaning: 'the balance of the account is too low',
    response: 'Stops the round and waits for the next one.',
    advice: 'top up the account in the console',
  },
  unknown_code: {
    ...plain,
    kind: 'invalid',
    meaning: 'the platform refused with a code this version does not know',
    response: NOT_REPEATED,
    advice: 'look the code up in the API reference, and report it with the logid',
  },
  credentials_unusable: {
    ...plain,
    kind: 'auth',
    meaning: 'there is no usable token',
    response: 'Sends nothing. The round stops.',
    advice: 'check coze.auth',
  },
  budget_used_up: {
    ...plain,
    kind: 'budget',
    meaning: 'the daily call budget is used up',
    response: 'Sends nothing until the next UTC day.',
    advice: 'raise coze.call_budget or make reconcile.schedule sparser',
  },
  stopped: {
    ...plain,
    kind: 'aborted',
    meaning: 'callbackd stopped before it was sent',
    response: 'Sends nothing. The next round takes it up.',
    advice: '',
  },
} as const satisfies Readonly<Record<string, ErrorCase>>;

export type ErrorCaseName = keyof typeof ERROR_CASES;
