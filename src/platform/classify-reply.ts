/**
 * Chooses the catalogue case of a failed attempt, by HTTP status, code and readability, or by how the
 * exchange failed. It never looks at message text.
 */

import type { TransportError } from '../lib/http-transport.ts';
import type { Operation } from '../model/calls.ts';
import { assertNever } from '../model/invariant.ts';
import type { ErrorCaseName } from './error-catalogue.ts';
import type { Reading } from './read-reply.ts';

/** Codes with a meaning of their own, whatever the HTTP status says. */
export const CASE_BY_CODE: ReadonlyMap<number, ErrorCaseName> = new Map([
  [4000, 'invalid_request'],
  [4008, 'quota_used_up'],
  [4009, 'system_busy'],
  [4011, 'balance_too_low'],
  [4013, 'rate_limited'],
  [4019, 'account_in_arrears'],
  [4020, 'rate_limited'],
  [4100, 'token_refused'],
  [4102, 'risk_control'],
  [4200, 'app_not_found'],
  [5000, 'internal_error'],
  [700012006, 'token_refused'],
]);

/** The vendor uses it for a missing permission and for a wrong token alike. */
const NO_PERMISSION = 4101;

/** Returns `undefined` for a success: 2xx, readable, code 0. The shape of `data` is judged elsewhere. */
export function classifyReply(operation: Operation, reading: Reading): ErrorCaseName | undefined {
  const { status } = reading;
  if (status >= 300 && status < 400) return 'redirected';
  // These two statuses are conclusive, even on the error page of a gateway.
  if (status === 401) return 'token_refused';
  if (status === 429) return 'rate_limited';
  // A create must not trust a code next to a 5xx: the request may have got through.
  if (status >= 500 && operation === 'create_app') return 'server_error';
  if (!reading.readable) return status >= 500 || status === 408 ? 'server_error' : 'not_json';
  if (reading.code === 0) return classifyZero(status);
  return classifyCode(operation, status, reading.code);
}

/** Code 0 counts as success only next to a 2xx; anything else contradicts itself. */
function classifyZero(status: number): ErrorCaseName | undefined {
  if (status >= 200 && status < 300) return undefined;
  return status >= 500 ? 'server_error' : 'unexpected_shape';
}

function classifyCode(operation: Operation, status: number, code: number): ErrorCaseName {
  // Where even the list is refused, it is the token; elsewhere the list worked, so it is the permission.
  if (code === NO_PERMISSION) return operation === 'list_apps' ? 'token_refused' : 'permission_missing';
  if (code === 4000 && status === 404) return 'unknown_endpoint';
  const known = CASE_BY_CODE.get(code);
  if (known !== undefined) return known;
  if (status >= 500 || status === 408) return 'server_error';
  if (code >= 5000 && code <= 5999) return 'internal_error';
  if (status === 403) return 'permission_missing';
  return 'unknown_code';
}

/** For an exchange that ended without a whole reply. */
export function classifyFate({ fate, stage, reason }: TransportError): ErrorCaseName {
  switch (fate) {
    case 'not_sent':
      if (stage === 'proxy') return /^HTTP 4/.test(reason) ? 'proxy_refused' : 'proxy_failed';
      return stage === 'tls' && isAboutCertificate(reason) ? 'tls' : 'connection_failed';
    case 'maybe_processed':
      return 'reply_lost';
    case 'truncated':
      return 'reply_truncated';
    case 'oversized':
      return 'reply_oversized';
    case 'aborted':
      return 'stopped';
    default:
      return assertNever(fate);
  }
}

/** OpenSSL's words for a chain that does not verify, and Node's for a certificate of somebody else. */
function isAboutCertificate(reason: string): boolean {
  return /CERT|CRL|UNABLE_TO_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH/.test(reason);
}
