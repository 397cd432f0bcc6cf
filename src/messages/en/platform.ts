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
  'platform.connection_failed': 'could not connect to the platform',
  'platform.connection_failed_advice':
    'check coze.base_url, name resolution, the network and TLS interception on this host',
  'platform.tls': 'could not verify the certificate of the platform',
  'platform.tls_advice':
    'if a private authority signs it, as with TLS interception, set `coze.ca_file` or NODE_EXTRA_CA_CERTS to the file with its certificate',
  'platform.proxy_failed': 'could not reach the platform through the proxy',
  'platform.proxy_failed_advice':
    'check the proxy, and `coze.proxy` or HTTPS_PROXY; `callbackd doctor` shows which way each host is reached',
  'platform.proxy_refused': 'the proxy refused to connect to the platform',
  'platform.proxy_refused_advice':
    'check the credentials (`coze.proxy_credentials_file`, or those in the URL) and what the proxy allows; `coze.proxy: off` goes without it',
  'platform.reply_lost': 'the request was sent, but no reply was received',
  'platform.reply_lost_advice': 'if it persists, raise coze.timeout or check the network',
  'platform.reply_truncated': 'the reply was incomplete',
  'platform.reply_truncated_advice': 'if it persists, check the network and any proxy in between',
  'platform.reply_oversized': 'the reply was larger than any reply of this API',
  'platform.reply_oversized_advice': 'check that coze.base_url is the URL of the Coze API',
  'platform.redirected': 'the platform answered with a redirect',
  'platform.redirected_advice': 'set coze.base_url to the final address',
  'platform.not_json': 'the reply does not come from this API',
  'platform.not_json_advice': 'check coze.base_url and any proxy in between',
  'platform.unexpected_shape': 'the platform reported success, but its reply has an unknown format',
  'platform.unexpected_shape_advice': 'report it as a bug with the logid: the API may have changed',
  'platform.server_error': 'the platform had a server error',
  'platform.server_error_advice': 'if it persists, report the logid to the platform',
  'platform.internal_error': 'the platform reports an internal error',
  'platform.internal_error_advice':
    'if it persists, report the logid to the platform; a wrong id can also cause it',
  'platform.system_busy': 'the platform is overloaded',
  'platform.rate_limited': 'the platform limits the request rate',
  'platform.rate_limited_advice':
    'if it persists, lower coze.max_requests_per_second or find out who else uses the quota',
  'platform.token_refused': 'the platform rejected the token',
  'platform.token_refused_advice': 'renew the token',
  'platform.permission_missing': 'the token lacks a permission',
  'platform.permission_missing_advice': 'grant the token the permission',
  'platform.invalid_request': 'the platform rejected the values',
  'platform.invalid_request_advice':
    'check the values of the entry; for a callback_url, check that the receiver answers the challenge within 3 s',
  'platform.unknown_endpoint': 'there is no such endpoint at this base URL',
  'platform.unknown_endpoint_advice': 'check coze.base_url: it must be a scheme and host without a path',
  'platform.app_not_found': 'the app does not exist, or another account created it',
  'platform.risk_control': 'the platform blocked the request by its risk control',
  'platform.risk_control_advice': 'check the account in the console; lower coze.max_requests_per_second',
  'platform.account_in_arrears': 'the account is in arrears',
  'platform.account_in_arrears_advice': 'pay the bill in the console',
  'platform.quota_used_up': 'the quota of the account is used up',
  'platform.quota_used_up_advice':
    'wait until tomorrow or raise the quota; a less frequent reconcile.schedule needs fewer requests',
  'platform.balance_too_low': 'the balance of the account is too low',
  'platform.balance_too_low_advice': 'top up the account in the console',
  'platform.unknown_code': 'the platform returned a code that this version does not know',
  'platform.unknown_code_advice': 'look up the code in the API reference, and report it with the logid',
  'platform.credentials_unusable': 'there is no usable token',
  'platform.credentials_unusable_advice': 'check coze.auth',
  'platform.budget_used_up': 'the daily call budget is used up',
  'platform.budget_used_up_advice': 'raise coze.call_budget or make reconcile.schedule less frequent',
  'platform.overtaken': 'the request was not sent, because the plan is out of date',
  'platform.stopped': 'callbackd stopped before the request was sent',
} as const;

const RESPONSES = {
  'platform.repeats':
    'Retries what is safe to retry, with growing random pauses. A create is retried too, because it was never sent.',
  'platform.repeats_but_create':
    'Retries what is safe to retry, with growing random pauses. A create is not retried; the account is listed until it is clear whether the app exists.',
  'platform.slows_down_but_create': ({ repeats }: { readonly repeats: string }) =>
    `Slows all requests down. ${repeats}`,
  'platform.slows_down': 'Slows all requests down, honours Retry-After, and retries this one.',
  'platform.backs_off':
    'Not retried in this round. The entry is retried with growing pauses (up to 1 h) until you edit it.',
  'platform.reads_no_further': 'Stops reading the reply. Not retried.',
  'platform.follows_no_redirect': 'Does not follow the redirect, because it would send the token along.',
  'platform.acts_on_nothing': 'Ignores the reply. Not retried.',
  'platform.reads_token_again':
    'Reads the token again, once. If it is still rejected, the round stops and nothing is changed.',
  'platform.leaves_entry_alone':
    'Looks for a newer token, then skips this entry and continues with the others.',
  'platform.takes_delete_as_done':
    'A delete counts as done. Everything else is decided from the next listing.',
  'platform.waits_for_next_round': 'Stops the round. The next round tries again.',
  'platform.stops_the_round': 'Sends nothing. The round stops.',
  'platform.waits_for_next_day': 'Sends nothing until the next UTC day.',
  'platform.plans_anew': 'Sends nothing. The rest of the plan is dropped, and a new round starts at once.',
  'platform.left_to_next_round': 'Sends nothing. The next round tries again.',
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
  }) => `${advice} ${permission} (or the app belongs to someone else)`,
  'platform.give_permission': ({ permission }: { readonly permission: string }) =>
    `grant it the permission ${permission}`,
  'platform.other_region': ({ url }: { readonly url: string }) =>
    `if it was created for the other region, set coze.base_url to ${url}`,
  'platform.advice_list': ({ parts }: { readonly parts: readonly string[] }) => parts.join('; '),
  'platform.listing_unproven': ({
    operation,
    problem,
  }: {
    readonly operation: string;
    readonly problem: string;
  }) => `${operation}: the listing is not provably complete: ${problem}`,
  'platform.listing_unproven_advice':
    'nothing was changed; if it persists, report it to the platform with the logids of these requests',
  'platform.page_without_next': ({ page }: { readonly page: number }) =>
    `page ${page} says that there is more, but gives no token for the next page`,
  'platform.page_leads_back': ({ page }: { readonly page: number }) =>
    `page ${page} leads back to an earlier page`,
  'platform.pages_without_end': ({ pages }: { readonly pages: number }) =>
    `still not complete after ${pages} pages`,
  'platform.listing_too_large': ({ items, pages }: { readonly items: number; readonly pages: number }) =>
    `more than any account holds: ${items} items after ${pages} pages, and no end`,
  'platform.listing_too_long': ({ minutes, pages }: { readonly minutes: number; readonly pages: number }) =>
    `still not complete after ${minutes} minutes and ${pages} pages`,
  'platform.app_listed_twice': ({ id }: { readonly id: string }) => `app ${id} is listed twice`,
  'platform.passes_disagree': 'the first pass returned no apps, the second returned some',
  'platform.budget_low': ({ count, perDay }: { readonly count: number; readonly perDay: number }) =>
    `${count} of ${perDay} calls of today's budget are used`,
} as const;

const REPLIES = {
  'platform.compressed': ({ encoding }: { readonly encoding: string }) =>
    `compressed with ${encoding}, although this was not requested`,
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
  'platform.no_token_inside': ({ name }: Name) => `${name} does not contain a token`,
  'platform.no_token_inside_advice': 'put only the token there: one line, without quotes or "Bearer"',
  'platform.credential_missing': ({ name }: Name) => `${name} does not exist`,
  'platform.credential_directory': ({ name }: Name) => `${name} is a directory`,
  'platform.credential_no_file': ({ name }: Name) => `${name} is not a regular file`,
  'platform.token_too_large': ({ name }: Name) => `${name} is too large to be a token`,
  'platform.private_key_too_large': ({ name }: Name) => `${name} is too large to be a private key`,
  'platform.credential_unreadable': ({ name, code }: Name & { readonly code: string }) =>
    `${name} cannot be read (${code})`,
  'platform.credential_unreadable_advice': 'give the user that callbackd runs as read access',
  'platform.correct_setting': ({ setting }: { readonly setting: string }) => `correct ${setting}`,
  'platform.create_or': ({ advice }: { readonly advice: string }) => `create it, or ${advice}`,
  'platform.readable_by_others': ({ name }: Name) =>
    `${name} is readable by other users: run chmod 600 on it`,
  'platform.no_key_inside': ({ name }: Name) => `${name} does not contain a private key`,
  'platform.no_rsa_key_inside': ({ name }: Name) => `${name} does not contain an RSA key`,
  'platform.key_advice': 'use the RSA private key (PEM) that you downloaded when you created the OAuth app',
  'platform.no_access_token': ({ reason }: Reason) =>
    `exchange_token: could not get an access token: ${reason}`,
  'platform.no_access_token_advice': 'check coze.base_url and the network',
  'platform.no_reply': ({ reason }: Reason) => `no reply (${reason})`,
  'platform.jwt_refused': ({ status, code }: { readonly status: number; readonly code: string }) =>
    `the platform rejected the JWT (HTTP ${status}, ${code})`,
  'platform.jwt_refused_advice':
    'check coze.auth.jwt: client_id, key_id and the private key must belong together, and the OAuth app must be enabled; a new OAuth app needs a few seconds',
  'platform.clock_behind': ({ seconds }: { readonly seconds: number }) =>
    `the clock of this host is ${seconds} s behind the platform; callbackd compensates for it`,
  'platform.clock_ahead': ({ seconds }: { readonly seconds: number }) =>
    `the clock of this host is ${seconds} s ahead of the platform; callbackd compensates for it`,
} as const;

const RECEIVERS = {
  'platform.receiver_no_url': 'the callback_url is not an http or https URL',
  'platform.receiver_redirects': ({ status, target }: { readonly status: number; readonly target: string }) =>
    `the receiver redirects (HTTP ${status}) to ${target}, which is not followed: use the final URL`,
  'platform.another_place': 'another address',
  'platform.receiver_status': ({ status }: { readonly status: number }) =>
    `the receiver answers the challenge with HTTP ${status}; it must answer 200`,
  'platform.receiver_no_echo':
    'the receiver does not echo the challenge; it must answer {"challenge": "<event.challenge>"}',
  'platform.receiver_late': ({ ms, stage }: { readonly ms: number; readonly stage: string }) =>
    `the receiver is too slow: no reply within ${ms} ms (reached ${stage}); the platform waits 3 s`,
  'platform.receiver_unresolved': ({ reason }: Reason) =>
    `the host name of the receiver cannot be resolved (${reason})`,
  'platform.token_ends': ({ date, days }: { readonly date: string; readonly days: number }) =>
    `the token ends in ${days === 0 ? 'less than a day' : `${days} day${days === 1 ? '' : 's'}`}, on ${date} UTC`,
  'platform.token_ended': ({ date }: { readonly date: string }) => `the token ended on ${date} UTC`,
  'platform.through_proxy': ({ reason, proxy }: Reason & { readonly proxy: string }) =>
    `${reason}, through the proxy ${proxy}`,
  'platform.receiver_proxy': ({ reason }: Reason) => `could not reach the receiver (${reason})`,
  'platform.receiver_private': ({ address }: { readonly address: string }) =>
    `the receiver has the address ${address}, which is not public; it was not contacted`,
  'platform.receiver_unconnected': ({ reason }: Reason) => `could not connect to the receiver (${reason})`,
  'platform.receiver_no_tls': ({ reason }: Reason) => `could not establish TLS with the receiver (${reason})`,
  'platform.receiver_no_reply': ({ reason }: Reason) =>
    `the receiver did not send a usable reply (${reason})`,
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
