/**
 * Makes a request suffer: runs its processing between the faults that were picked for it and bends what comes back.
 * It knows nothing of the account; processing and rendering are handed in.
 */

import type { Clock } from '../lib/clock.ts';
import { assertNever } from '../model/invariant.ts';
import { type Answer, type AppOnWire, type PageAnswer, refuse, statusOf } from './answer.ts';
import type { Fault, FaultMoment } from './fault-rules.ts';
import type { SandboxReply, SandboxResult } from './messages.ts';
import { CODE } from './switches.ts';

export interface Suffering {
  readonly clock: Clock;
  /** Handles the request on the account; each call is one delivery. */
  readonly carryOut: () => Promise<Answer> | Answer;
  readonly render: (answer: Answer) => SandboxReply;
}

/** Mask of the vendor's examples: the last characters of a token are stars. */
const MASK = '****';

/** The result of a request under its faults. */
export async function inflictFaults(faults: readonly Fault[], suffering: Suffering): Promise<SandboxResult> {
  const { clock, carryOut, render } = suffering;
  for (const fault of faults) {
    if (momentOf(fault) !== 'before') continue;
    const result = await strike(fault, clock, suffering);
    if (result !== undefined) return result;
  }
  if (faults.some((fault) => fault.kind === 'duplicate_delivery')) await carryOut();
  const answer = faults.reduce(bendAnswer, await carryOut());
  const reply = faults.reduce(bendReply, render(answer));
  for (const fault of faults) {
    if (momentOf(fault) !== 'after') continue;
    const result = await strike(fault, clock, suffering);
    if (result !== undefined) return result;
  }
  return reply;
}

/** When a fault strikes on its own; undefined for those that only bend the answer. */
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

async function strike(fault: Fault, clock: Clock, { render }: Suffering): Promise<SandboxResult | undefined> {
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
      const reply = render(refuse(code, fault.msg ?? 'fault script'));
      const status = fault.status ?? (fault.code === undefined ? statusOf(code) : reply.status);
      return { ...reply, status, headers: { ...reply.headers, ...fault.headers } };
    }
    case 'html': {
      const reply = render({ kind: 'done' });
      const headers = { ...reply.headers, 'content-type': 'text/html' };
      return {
        status: fault.status ?? 502,
        headers,
        body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
      };
    }
    default:
      return undefined;
  }
}

function bendAnswer(answer: Answer, fault: Fault): Answer {
  if (fault.kind === 'mask_tokens') return maskTokens(answer);
  return answer.kind === 'page' ? bendPage(answer, fault) : answer;
}

function bendPage(page: PageAnswer, fault: Fault): PageAnswer {
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

function bendReply(reply: SandboxReply, fault: Fault): SandboxReply {
  switch (fault.kind) {
    case 'truncate':
      return { ...reply, body: reply.body.slice(0, fault.bytes ?? reply.body.length >> 1), isCut: true };
    case 'oversize':
      // Blanks keep it valid JSON, so that only a bound on the size finds it out.
      return { ...reply, body: reply.body.padEnd(fault.bytes, ' ') };
    default:
      return reply;
  }
}
