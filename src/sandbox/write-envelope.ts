/**
 * Renders an answer as the envelope `{code, msg, data?, detail: {logid}}` with headers and status, varied by
 * the switches for what the vendor leaves open.
 */

import type { Answer, PageAnswer, Refusal } from './answer.ts';
import type { SandboxReply } from './protocol.ts';
import type { Switches } from './switches.ts';

export interface EnvelopeContext {
  readonly logid: string;
  /** The platform's wall time in milliseconds. */
  readonly now: number;
  readonly switches: Switches;
}

/** Renders an answer to the bytes and headers of a reply. */
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
