/** How a request to the platform can fail, what to do about it, and what is wrong with credentials, replies and receivers. */

interface Name {
  readonly name: string;
}

interface Field {
  readonly field: string;
}

interface Reason {
  readonly reason: string;
}

/** What happened, what callbackd does (for docs/errors.md), and what the operator can do. */
const CASES = {
  'platform.connection_failed': 'no connection to the platform could be made',
  'platform.connection_failed_advice':
    'check coze.base_url, name resolution, the network and TLS interception on this host',
  'platform.reply_lost': 'the request was sent, but no reply came back',
  'platform.reply_lost_advice': 'if it goes on, raise coze.timeout or check the network',
  'platform.reply_truncated': 'the reply broke off',
  'platform.reply_truncated_advice': 'if it goes on, check the network and any proxy in between',
  'platform.reply_oversized': 'the reply was longer than any reply of this API',
  'platform.reply_oversized_advice': 'check that coze.base_url is the Coze API',
  'platform.redirected': 'the platform answered with a redirect',
  'platform.redirected_advice': 'set coze.base_url to the final address',
  'platform.not_json': 'the reply is not a reply of this API',
  'platform.not_json_advice': 'check coze.base_url and any proxy in between',
  'platform.unexpected_shape': 'the platform reported success, but what it sent cannot be understood',
  'platform.unexpected_shape_advice': 'report it with the logid: the API may have changed',
  'platform.server_error': 'the platform failed inside',
  'platform.server_error_advice': 'if it goes on, report the logid to the platform',
  'platform.internal_error': 'the platform reports an internal error',
  'platform.internal_error_advice':
    'if it goes on, report the logid to the platform; a wrong id was seen to cause it too',
  'platform.system_busy': 'the platform is at its limit',
  'platform.rate_limited': 'the platform wants fewer requests',
  'platform.rate_limited_advice':
    'if it goes on, lower coze.max_requests_per_second or find out who else uses the quota',
  'platform.token_refused': 'the platform refuses the token',
  'platform.token_refused_advice': 'renew the token',
  'platform.permission_missing': 'the token may not do this',
  'platform.permission_missing_advice': 'give the token the permission',
  'platform.invalid_request': 'the platform refuses the values',
  'platform.invalid_request_advice':
    'check the values of the entry; for a callback_url, whether the receiver answers the challenge within 3 s',
  'platform.unknown_endpoint': 'there is no such endpoint at this base URL',
  'platform.unknown_endpoint_advice': 'check coze.base_url: scheme and host only, no path',
  'platform.app_not_found': 'there is no such app, or it was not created by this account',
  'platform.risk_control': 'the account hit the risk control of the platform',
  'platform.risk_control_advice': 'look at the account in the console; lower coze.max_requests_per_second',
  'platform.account_in_arrears': 'the account is in arrears',
  'platform.account_in_arrears_advice': 'settle the bill in the console',
  'platform.quota_used_up': 'the quota of the account is used up',
  'platform.quota_used_up_advice':
    'wait until tomorrow or raise the quota; a sparser reconcile.schedule needs fewer requests',
  'platform.balance_too_low': 'the balance of the account is too low',
  'platform.balance_too_low_advice': 'top up the account in the console',
  'platform.unknown_code': 'the platform refused with a code this version does not know',
  'platform.unknown_code_advice': 'look the code up in the API reference, and report it with the logid',
  'platform.credentials_unusable': 'there is no usable token',
  'platform.credentials_unusable_advice': 'check coze.auth',
  'platform.budget_used_up': 'the daily call budget is used up',
  'platform.budget_used_up_advice': 'raise coze.call_budget or make reconcile.schedule sparser',
  'platform.overtaken': 'it was held back, because what it was planned on has changed',
  'platform.stopped': 'callbackd stopped before it was sent',
} as const;

const RESPONSES = {
  'platform.repeats':
    'Repeats what is safe to repeat, with growing random pauses. A create is repeated too: it was not sent.',
  'platform.repeats_but_create':
    'Repeats what is safe to repeat, with growing random pauses. A create is not repeated but settled: the account is listed until it is clear whether the app exists.',
  'platform.slows_down_but_create': ({ repeats }: { readonly repeats: string }) =>
    `Slows all requests down. ${repeats}`,
  'platform.slows_down': 'Slows all requests down, honours Retry-After, and repeats this one.',
  'platform.backs_off': 'Does not repeat it. The entry backs off, up to an hour, until it is edited.',
  'platform.reads_no_further': 'Reads no further and does not repeat it.',
  'platform.follows_no_redirect': 'Does not follow it, because the token would go along.',
  'platform.acts_on_nothing': 'Does not act on it and does not repeat it.',
  'platform.reads_token_again':
    'Reads the token again, once. If it is still refused, the round stops and nothing is changed.',
  'platform.leaves_entry_alone': 'Looks for a newer token, then leaves this entry alone; the others go on.',
  'platform.takes_delete_as_done':
    'Takes a delete as done. Everything else is decided anew from the next listing.',
  'platform.waits_for_next_round': 'Stops the round and waits for the next one.',
  'platform.stops_the_round': 'Sends nothing. The round stops.',
  'platform.waits_for_next_day': 'Sends nothing until the next UTC day.',
  'platform.plans_anew': 'Sends nothing. The rest of the plan is dropped, and a new round begins at once.',
  'platform.left_to_next_round': 'Sends nothing. The next round takes it up.',
} as const;

const FAILURES = {
  'platform.failed': ({
    operation,
    meaning,
    facts,
  }: {
    readonly operation: string;
    readonly meaning: string;
    readonly facts: readonly string[];
  }) => `${operation}: ${meaning} (${facts.join(', ')})`,
  'platform.may_have_created': ({ failure }: { readonly failure: string }) =>
    `${failure}; the app may have been created`,
  'platform.permission_named': ({
    advice,
    permission,
  }: {
    readonly advice: string;
    readonly permission: string;
  }) => `${advice} ${permission} (or the app belongs to somebody else)`,
  'platform.give_permission': ({ permission }: { readonly permission: string }) =>
    `give it the permission ${permission}`,
  'platform.other_region': ({ url }: { readonly url: string }) =>
    `if it was made for the other region, set coze.base_url to ${url}`,
  'platform.advice_list': ({ parts }: { readonly parts: readonly string[] }) => parts.join('; '),
  'platform.listing_unproven': ({
    operation,
    problem,
  }: {
    readonly operation: string;
    readonly problem: string;
  }) => `${operation}: the listing cannot be proven complete: ${problem}`,
  'platform.listing_unproven_advice':
    'nothing was changed; if it goes on, report it to the platform with the logids of these requests',
  'platform.page_without_next': ({ page }: { readonly page: number }) =>
    `page ${page} has more but names no next`,
  'platform.page_leads_back': ({ page }: { readonly page: number }) =>
    `page ${page} leads back to an earlier one`,
  'platform.pages_without_end': ({ pages }: { readonly pages: number }) => `no end after ${pages} pages`,
  'platform.app_listed_twice': ({ id }: { readonly id: string }) => `app ${id} is listed twice`,
  'platform.passes_disagree': 'the first pass showed no app, the second some',
  'platform.budget_low': ({ count, perDay }: { readonly count: number; readonly perDay: number }) =>
    `${count} of ${perDay} calls of today's budget are used`,
} as const;

const REPLIES = {
  'platform.compressed': ({ encoding }: { readonly encoding: string }) =>
    `compressed as ${encoding}, which was not asked for`,
  'platform.empty': 'empty',
  'platform.not_a_json_object': 'not a JSON object',
  'platform.no_code': 'JSON without a numeric code',
  'platform.markup': 'an HTML or XML page',
  'platform.no_json': 'not JSON',
  'platform.in_field': ({ field, problem }: { readonly field: string; readonly problem: string }) =>
    `${field}: ${problem}`,
  'platform.not_an_object': 'not an object',
  'platform.field_not_an_object': ({ field }: Field) => `${field} is not an object`,
  'platform.field_not_an_id': ({ field }: Field) => `${field} is not an id`,
  'platform.field_not_a_list': ({ field }: Field) => `${field} is not a list`,
  'platform.field_not_a_string': ({ field }: Field) => `${field} is not a string`,
  'platform.field_not_a_boolean': ({ field }: Field) => `${field} is not a boolean`,
  'platform.field_missing_on_full_page': ({ field }: Field) => `${field} is missing on a full page`,
} as const;

const CREDENTIALS = {
  'platform.token_file': ({ path }: { readonly path: string }) => `the token file ${path}`,
  'platform.private_key_file': ({ path }: { readonly path: string }) => `the private key file ${path}`,
  'platform.variable': ({ variable }: { readonly variable: string }) =>
    `the environment variable ${variable}`,
  'platform.credential_unset': ({ name }: Name) => `${name} is not set`,
  'platform.credential_unset_advice': ({ variable }: { readonly variable: string }) =>
    `set ${variable} to an API token, or use coze.auth.token_file`,
  'platform.credential_empty': ({ name }: Name) => `${name} is empty`,
  'platform.credential_empty_advice': 'put an API token there',
  'platform.no_token_inside': ({ name }: Name) => `${name} holds something that is no token`,
  'platform.no_token_inside_advice': 'put the bare token there: one line, no quotes, no "Bearer"',
  'platform.credential_missing': ({ name }: Name) => `${name} does not exist`,
  'platform.credential_directory': ({ name }: Name) => `${name} is a directory`,
  'platform.credential_no_file': ({ name }: Name) => `${name} is not a regular file`,
  'platform.token_too_large': ({ name }: Name) => `${name} is too large to be a token`,
  'platform.private_key_too_large': ({ name }: Name) => `${name} is too large to be a private key`,
  'platform.credential_unreadable': ({ name, code }: Name & { readonly code: string }) =>
    `${name} cannot be read (${code})`,
  'platform.credential_unreadable_advice': 'let the user that callbackd runs as read it',
  'platform.correct_setting': ({ setting }: { readonly setting: string }) => `correct ${setting}`,
  'platform.create_or': ({ advice }: { readonly advice: string }) => `create it, or ${advice}`,
  'platform.readable_by_others': ({ name }: Name) => `${name} can be read by others: chmod 600 it`,
  'platform.no_key_inside': ({ name }: Name) => `${name} holds no private key`,
  'platform.no_rsa_key_inside': ({ name }: Name) => `${name} holds no RSA key`,
  'platform.key_advice': 'use the RSA private key (PEM) that was downloaded when the OAuth app was made',
  'platform.no_access_token': ({ reason }: Reason) =>
    `exchange_token: no access token could be had: ${reason}`,
  'platform.no_access_token_advice': 'check coze.base_url and the network',
  'platform.no_reply': ({ reason }: Reason) => `no reply (${reason})`,
  'platform.jwt_refused': ({ status, code }: { readonly status: number; readonly code: string }) =>
    `the platform refuses the JWT (HTTP ${status}, ${code})`,
  'platform.jwt_refused_advice':
    'check coze.auth.jwt: client_id, key_id and the private key belong together, and the OAuth app is enabled; new OAuth apps need some seconds',
  'platform.clock_behind': ({ seconds }: { readonly seconds: number }) =>
    `the clock of this host is ${seconds} s behind the platform's; allowing for it`,
  'platform.clock_ahead': ({ seconds }: { readonly seconds: number }) =>
    `the clock of this host is ${seconds} s ahead of the platform's; allowing for it`,
} as const;

const RECEIVERS = {
  'platform.receiver_no_url': 'the callback_url is not an http or https URL',
  'platform.receiver_redirects': ({ status, target }: { readonly status: number; readonly target: string }) =>
    `the receiver answers with a redirect (HTTP ${status}) to ${target}, which is not followed: give the final URL`,
  'platform.another_place': 'another place',
  'platform.receiver_status': ({ status }: { readonly status: number }) =>
    `the receiver answers the challenge with HTTP ${status}: it has to answer 200`,
  'platform.receiver_no_echo':
    'the receiver does not echo the challenge: it has to answer {"challenge": "<event.challenge>"}',
  'platform.receiver_late': ({ ms, stage }: { readonly ms: number; readonly stage: string }) =>
    `the receiver is too slow: no reply within ${ms} ms (reached ${stage}); the platform waits 3 s`,
  'platform.receiver_unresolved': ({ reason }: Reason) =>
    `the receiver's name cannot be resolved (${reason})`,
  'platform.receiver_private': ({ address }: { readonly address: string }) =>
    `the receiver is at ${address}, which is not on the public internet; it was not contacted`,
  'platform.receiver_unconnected': ({ reason }: Reason) => `no connection to the receiver (${reason})`,
  'platform.receiver_no_tls': ({ reason }: Reason) => `no TLS connection to the receiver (${reason})`,
  'platform.receiver_no_reply': ({ reason }: Reason) => `the receiver gives no usable reply (${reason})`,
  'platform.no_answer_within': ({ ms }: { readonly ms: number }) => `no answer within ${ms} ms`,
  'platform.reply_too_long': ({ limit }: { readonly limit: string }) => `a reply of ${limit}`,
} as const;

export const PLATFORM = {
  ...CASES,
  ...RESPONSES,
  ...FAILURES,
  ...REPLIES,
  ...CREDENTIALS,
  ...RECEIVERS,
} as const;
