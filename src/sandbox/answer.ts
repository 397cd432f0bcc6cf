/** What an operation answers before it is put on the wire, and the refusals with their codes. */

import { CODE } from './switches.ts';

/** An app as the API shows it. */
export interface AppOnWire {
  readonly id: string;
  readonly name?: string;
  readonly app_type: string;
  readonly connector_id?: string;
  readonly callback_url?: string;
  readonly verify_token: string;
}

/**
 * A subscription as the API shows it. The vendor's pages are unclear about what name and description mean.
 */
export interface EventOnWire {
  readonly api_app_id: string;
  readonly event_type: string;
  readonly name: string;
  readonly description: string;
}

export interface PageAnswer {
  readonly kind: 'page';
  readonly items: readonly (AppOnWire | EventOnWire)[];
  readonly hasMore: boolean;
  readonly nextPageToken: string;
  /** For paging faults: tokens that lead to the same page, one item too early, one too late. */
  readonly misleadingTokens: { readonly same: string; readonly early: string; readonly late: string };
}

export interface Refusal {
  readonly kind: 'refused';
  readonly code: number;
  readonly msg: string;
  /** The HTTP status, where failures have one. */
  readonly status: number;
  /** The status is sent even where failures come with HTTP 200. */
  readonly alwaysStatus?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'app'; readonly app: AppOnWire }
  | PageAnswer
  | Refusal
  /** Outside the envelope, as the OAuth endpoint answers. */
  | { readonly kind: 'plain'; readonly status: number; readonly body: Readonly<Record<string, unknown>> };

export const DONE: Answer = { kind: 'done' };

export function refuse(code: number, msg: string, status = statusOf(code)): Refusal {
  return { kind: 'refused', code, msg, status };
}

export function badParameter(msg: string): Refusal {
  return refuse(CODE.badParameter, `Request parameter error: ${msg}`);
}

export function notFound(appId: string): Refusal {
  return refuse(CODE.notFound, `api app ${appId} is not found or was not created by this account`);
}

/** The status that goes with a code where failures show as statuses; 400 for the ones nobody documented. */
export function statusOf(code: number): number {
  switch (code) {
    case CODE.authInvalid:
    case CODE.accessTokenInvalid:
      return 401;
    case CODE.noPermission:
      return 403;
    case CODE.notFound:
      return 404;
    case CODE.busy:
    case CODE.rpmExceeded:
      return 429;
    case CODE.internal:
      return 500;
    default:
      return 400;
  }
}
