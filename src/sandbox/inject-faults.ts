/** Injects the faults picked for a request: before it is processed, into its answer, and after it. */

import type { Clock } from '../lib/clock.ts';
import { assertNever } from '../model/invariant.ts';
import { type Answer, type AppOnWire, type PageAnswer, refuse, statusOf } from './answer.ts';
import type { EchoForm, Fault, FaultMoment } from './faults.ts';
import type { SandboxReply, SandboxResult } from './protocol.ts';
import { CODE } from './switches.ts';

export interface Processing {
  readonly clock: Clock;
  /** Handles the request on the account, once per delivery. */
  readonly processRequest: () => Promise<Answer> | Answer;
  readonly render: (answer: Answer) => SandboxReply;
  /** The API token of the request, and the verify_token of the app that it is about. */
  readonly secrets: () => readonly string[];
}

/** As in the vendor's examples: the last characters of a token are stars. */
const MASK = '****';

/** What the client gets to see. Rejects only when the processing does. */
export async function injectFaults(faults: readonly Fault[], processing: Processing): Promise<SandboxResult> {
  const { clock, processRequest, render } = processing;
  for (const fault of faults) {
    if (momentOf(fault) !== 'before') continue;
    const result = await injectOne(fault, clock, processing);
    if (result !== undefined) return result;
  }
  if (faults.some((fault) => fault.kind === 'duplicate_delivery')) await processRequest();
  const answer = faults.reduce(alterAnswer, await processRequest());
  const reply = faults.reduce(alterReply, render(answer));
  for (const fault of faults) {
    if (momentOf(fault) !== 'after') continue;
    const result = await injectOne(fault, clock, processing);
    if (result !== undefined) return result;
  }
  return reply;
}

/** When a fault ends or delays the exchange; undefined for those that only alter the answer. */
function momentOf(fault: Fault): FaultMoment | undefined {
  switch (fault.kind) {
    case 'drop_before':
      return 'before';
    case 'drop_after':
      return 'after';
    case 'delay':
    case 'reset':
    case 'hang':
    case 'fail':
    case 'html':
      return fault.when ?? 'before';
    default:
      return undefined;
  }
}

async function injectOne(
  fault: Fault,
  clock: Clock,
  { render, secrets }: Processing,
): Promise<SandboxResult | undefined> {
  switch (fault.kind) {
    case 'delay':
      await clock.sleep(fault.ms);
      return undefined;
    case 'drop_before':
    case 'drop_after':
      return 'closed';
    case 'reset':
    case 'hang':
      return fault.kind;
    case 'fail': {
      const code = fault.code ?? CODE.internal;
      const reply = echoSecrets(render(refuse(code, fault.msg ?? 'fault script')), fault.echo, secrets);
      const status = fault.status ?? (fault.code === undefined ? statusOf(code) : reply.status);
      return { ...reply, status, headers: { ...reply.headers, ...fault.headers } };
    }
    case 'html': {
      const reply = render({ kind: 'done' });
      const headers = { ...reply.headers, 'content-type': 'text/html' };
      return {
        status: fault.status ?? 502,
        headers,
        body: `<html><body><h1>502 Bad Gateway</h1>${quoteAll(secrets, fault.echo)}</body></html>`,
      };
    }
    default:
      return undefined;
  }
}

function echoSecrets(
  reply: SandboxReply,
  form: EchoForm | undefined,
  secrets: Processing['secrets'],
): SandboxReply {
  if (form === undefined) return reply;
  const quoted = quoteAll(secrets, form);
  const body = JSON.parse(reply.body) as object;
  const echo = { msg: `near ${quoted} end`, debug: quoted, detail: { logid: quoted } };
  return {
    ...reply,
    headers: { ...reply.headers, 'x-tt-logid': quoted },
    body: JSON.stringify({ ...body, ...echo }),
  };
}

function quoteAll(secrets: Processing['secrets'], form: EchoForm | undefined): string {
  return form === undefined
    ? ''
    : secrets()
        .map((secret) => writeSecret(secret, form))
        .join(',');
}

/** The secret as a careless server might quote it. */
export function writeSecret(secret: string, form: EchoForm): string {
  switch (form) {
    case 'plain':
      return secret;
    case 'percent':
      return secret.replaceAll(/[a-z]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
    case 'base64':
      return Buffer.from(`Bearer ${secret}`).toString('base64');
    case 'hex':
      return Buffer.from(secret).toString('hex');
    case 'part':
      return secret.slice(-Math.max(12, secret.length >> 1));
    default:
      return assertNever(form);
  }
}

function alterAnswer(answer: Answer, fault: Fault): Answer {
  if (fault.kind === 'mask_tokens') return maskTokens(answer);
  return answer.kind === 'page' ? alterPage(answer, fault) : answer;
}

function alterPage(page: PageAnswer, fault: Fault): PageAnswer {
  switch (fault.kind) {
    case 'repeat_token':
      return { ...page, hasMore: true, nextPageToken: page.misleadingTokens.same };
    case 'empty_token':
      return { ...page, hasMore: true, nextPageToken: '' };
    case 'repeat_item':
      return page.hasMore
        ? { ...page, nextPageToken: page.misleadingTokens.early }
        : { ...page, items: [...page.items, ...page.items.slice(0, 1)] };
    case 'skip_item':
      return page.hasMore ? { ...page, nextPageToken: page.misleadingTokens.late } : page;
    case 'hide_items':
      return { ...page, items: page.items.slice(0, Math.max(0, page.items.length - fault.count)) };
    case 'early_end':
      return { ...page, hasMore: false, nextPageToken: '' };
    default:
      return page;
  }
}

function maskTokens(answer: Answer): Answer {
  const mask = (app: AppOnWire): AppOnWire => ({
    ...app,
    verify_token: `${app.verify_token.slice(0, -MASK.length)}${MASK}`,
  });
  switch (answer.kind) {
    case 'app':
      return { ...answer, app: mask(answer.app) };
    case 'page':
      return { ...answer, items: answer.items.map((item) => ('verify_token' in item ? mask(item) : item)) };
    case 'done':
    case 'refused':
    case 'plain':
      return answer;
    default:
      return assertNever(answer);
  }
}

function alterReply(reply: SandboxReply, fault: Fault): SandboxReply {
  switch (fault.kind) {
    case 'truncate':
      return { ...reply, body: reply.body.slice(0, fault.bytes ?? reply.body.length >> 1), isCut: true };
    case 'oversize':
      // Spaces keep it valid JSON, so only a size limit detects it.
      return { ...reply, body: reply.body.padEnd(fault.bytes, ' ') };
    default:
      return reply;
  }
}
