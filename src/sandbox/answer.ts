/** What an operation answers before it is put on the wire, and the refusals with their codes. */

import type { SandboxReply } from './protocol.ts';
import { CODE, type Switches } from './switches.ts';

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

export interface EnvelopeContext {
  readonly logid: string;
  /** The platform's wall time in milliseconds. */
  readonly now: number;
  readonly switches: Switches;
}

/**
 * The envelope `{code, msg, data?, detail: {logid}}`, varied by the switches for what the vendor leaves
 * open. Renders an answer to the bytes and headers of a reply.
 */
export function writeEnvelope(answer: Answer, { logid, now, switches }: EnvelopeContext): SandboxReply {
  if (answer.kind === 'plain') {
    return { status: answer.status, headers: replyHeaders(logid, now), body: JSON.stringify(answer.body) };
  }
  const refused = answer.kind === 'refused' ? answer : undefined;
  const code = refused?.code ?? 0;
  const data = dataOf(answer, switches);
  const body = {
    code: switches.codeStyle === 'string' ? String(code) : code,
    msg: refused?.msg ?? '',
    ...(data === undefined ? {} : { data }),
    ...(switches.detail === 'present' ? { detail: { logid } } : {}),
  };
  const text = JSON.stringify(body);
  return {
    status: refused === undefined ? 200 : statusOnWire(refused, switches),
    headers: { ...replyHeaders(logid, now), ...refused?.headers },
    body: switches.idStyle === 'number' ? unquoteIds(text) : text,
  };
}

/** The headers that every reply of the platform carries. */
function replyHeaders(logid: string, now: number): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-tt-logid': logid,
    date: new Date(now).toUTCString(),
  };
}

function statusOnWire(refused: Refusal, switches: Switches): number {
  return refused.alwaysStatus === true || switches.errorStyle === 'status' ? refused.status : 200;
}

function dataOf(answer: Exclude<Answer, { kind: 'plain' }>, switches: Switches): unknown {
  switch (answer.kind) {
    case 'refused':
      return undefined;
    case 'app':
      return answer.app;
    case 'page':
      return pageData(answer, switches);
    case 'done':
      return { missing: undefined, null: null, empty: {} }[switches.writeData];
  }
}

function pageData(page: PageAnswer, switches: Switches): unknown {
  const isEmpty = page.items.length === 0;
  if (isEmpty && !page.hasMore && switches.emptyListData !== 'present') {
    return switches.emptyListData === 'null' ? null : undefined;
  }
  const data: Record<string, unknown> = {};
  if (!isEmpty || switches.emptyItems === 'empty') data['items'] = page.items;
  else if (switches.emptyItems === 'null') data['items'] = null;
  if (page.hasMore) data['has_more'] = true;
  else if (switches.lastHasMore === 'false') data['has_more'] = false;
  if (page.hasMore || switches.lastPageToken === 'empty') data['next_page_token'] = page.nextPageToken;
  return data;
}

/** 64-bit ids as bare JSON numbers: they do not survive a double, which is what a client has to cope with. */
function unquoteIds(text: string): string {
  return text.replace(/"(id|api_app_id|connector_id)":"(\d+)"/g, '"$1":$2');
}
