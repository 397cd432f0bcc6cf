/** Describes a failed call for the operator. It shows no token and no body. */

import { type Message, message } from '../messages/message.ts';
import { type Operation, PlatformError } from '../model/calls.ts';
import { ERROR_CASES, type ErrorCase, type ErrorCaseName } from './error-catalogue.ts';

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

/** The two regions. Tokens of one are refused by the other, and the refusal does not say why. */
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
  readonly particulars?: string | Message;
  /** Overrides the catalogue's advice. */
  readonly advice?: Message;
  /** Why a gate held the write back. */
  readonly refused?: Message;
  readonly cause?: unknown;
}

export function describeFailure(
  failed: FailedAttempt,
  about: { readonly operation: Operation; readonly attempts: number; readonly baseUrl: string },
): PlatformError {
  const { caseName, status, code, msg, logid, retryAfterMs } = failed;
  const { kind, meaning, mayBeProcessed } = ERROR_CASES[caseName];
  const isUnknown = about.operation === 'create_app' && mayBeProcessed;
  const facts = [
    failed.particulars,
    whereabouts(failed, about.baseUrl),
    code === undefined ? undefined : `code ${code}`,
    msg === undefined || msg === '' ? undefined : JSON.stringify(msg),
  ].filter((fact) => fact !== undefined);
  const failure = message('platform.failed', { operation: about.operation, meaning, facts });
  const advice = failed.advice ?? adviseOperator(caseName, about.operation, about.baseUrl);
  return new PlatformError(
    {
      kind: isUnknown ? 'unknown_outcome' : kind,
      operation: about.operation,
      message: isUnknown ? message('platform.may_have_created', { failure }) : failure,
      ...(advice === undefined ? {} : { advice }),
      ...(status === undefined ? {} : { status }),
      ...(code === undefined ? {} : { code }),
      ...(msg === undefined ? {} : { msg }),
      ...(logid === undefined ? {} : { logid }),
      attempts: about.attempts,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(failed.refused === undefined ? {} : { refused: failed.refused }),
    },
    failed.cause,
  );
}

/** What was not sent met no host. */
function whereabouts({ status, refused }: FailedAttempt, baseUrl: string): string | undefined {
  if (status !== undefined) return `HTTP ${status}`;
  return refused === undefined ? baseUrl : undefined;
}

/** The catalogue's advice, with the permission and the other region named where they may be the reason. */
function adviseOperator(caseName: ErrorCaseName, operation: Operation, baseUrl: string): Message | undefined {
  const { advice }: ErrorCase = ERROR_CASES[caseName];
  const permission = PERMISSIONS[operation];
  if (caseName === 'permission_missing' && advice !== undefined) {
    return message('platform.permission_named', { advice, permission });
  }
  if (caseName !== 'token_refused' || advice === undefined) return advice;
  const parts = [advice];
  if (permission !== '') parts.push(message('platform.give_permission', { permission }));
  const url = OTHER_REGION.get(new URL(baseUrl).host);
  if (url !== undefined) parts.push(message('platform.other_region', { url }));
  return message('platform.advice_list', { parts });
}
