/**
 * A failed call as the operator should read it: the case of the catalogue and what is known about the attempt go in, a
 * PlatformError with message and advice comes out. Pure; it shows no token and no body.
 */
import { verbatim } from '../messages/message.ts';
import { type Operation, PlatformError } from '../model/calls.ts';
import { ERROR_CASES, type ErrorCaseName } from './error-catalogue.ts';

/** The permission that an operation needs, as the vendor's token screen names it. */
const PERMISSIONS: Readonly<Record<Operation, string>> = {
  list_apps: 'listApiApp',
  create_app: 'createApiApp',
  update_app: 'updateApiApp',
  delete_app: 'deleteApiApp',
  list_events: 'listApiApp',
  subscribe_events: 'subscribeApiAppEvent',
  unsubscribe_events: 'unsubscribeApiAppEvent',
  exchange_token: '',
};

/** The two regions. Tokens of one are refused by the other, and nothing in the refusal says so. */
const OTHER_REGION: ReadonlyMap<string, string> = new Map([
  ['api.coze.com', 'https://api.coze.cn'],
  ['api.coze.cn', 'https://api.coze.com'],
]);

export interface FailedAttempt {
  readonly caseName: ErrorCaseName;
  readonly status?: number;
  readonly code?: number;
  readonly msg?: string;
  readonly logid?: string;
  readonly retryAfterMs?: number;
  /** What the catalogue cannot know: the shape's problem, the system's error code. */
  readonly particulars?: string;
  /** Overrides the catalogue's advice. */
  readonly advice?: string;
  readonly cause?: unknown;
}

export function describeFailure(
  failed: FailedAttempt,
  about: { readonly operation: Operation; readonly attempts: number; readonly baseUrl: string },
): PlatformError {
  const { caseName, status, code, msg, logid, retryAfterMs } = failed;
  const { kind, meaning, mayBeProcessed } = ERROR_CASES[caseName];
  const isUnknown = about.operation === 'create_app' && mayBeProcessed;
  const known = [
    failed.particulars,
    status === undefined ? about.baseUrl : `HTTP ${status}`,
    code === undefined ? undefined : `code ${code}`,
    msg === undefined || msg === '' ? undefined : JSON.stringify(msg),
  ].filter((part) => part !== undefined);
  const detail = known.length === 0 ? '' : ` (${known.join(', ')})`;
  const outcome = isUnknown ? '; the app may have been created' : '';
  const advice = failed.advice ?? adviseOperator(caseName, about.operation, about.baseUrl);
  return new PlatformError(
    {
      kind: isUnknown ? 'unknown_outcome' : kind,
      operation: about.operation,
      message: verbatim(`${about.operation}: ${meaning}${detail}${outcome}`),
      ...(advice === '' ? {} : { advice: verbatim(advice) }),
      ...(status === undefined ? {} : { status }),
      ...(code === undefined ? {} : { code }),
      ...(msg === undefined ? {} : { msg }),
      ...(logid === undefined ? {} : { logid }),
      attempts: about.attempts,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    failed.cause,
  );
}

/** The catalogue's advice, with the permission and the other region named where they may be the reason. */
function adviseOperator(caseName: ErrorCaseName, operation: Operation, baseUrl: string): string {
  const { advice } = ERROR_CASES[caseName];
  const permission = PERMISSIONS[operation];
  if (caseName === 'permission_missing')
    return `${advice} ${permission} (or the app belongs to somebody else)`;
  if (caseName !== 'token_refused') return advice;
  const parts: string[] = [advice];
  if (permission !== '') parts.push(`give it the permission ${permission}`);
  const other = OTHER_REGION.get(new URL(baseUrl).host);
  if (other !== undefined) {
    parts.push(`if it was made for the other region, set coze.base_url to ${other}`);
  }
  return parts.join('; ');
}
