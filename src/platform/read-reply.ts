/**
 * One HTTP reply to an envelope `{code, msg, data, detail}`, or to the reason why it is none. Pure: bytes in, plain value
 * out, no judgement on what the code means. It never throws on what a server sent.
 */
import type { HttpReply } from '../lib/http-transport.ts';
import { parseJsonKeepingDigits } from '../lib/json-text.ts';
import { onOneLine } from '../lib/printable.ts';

export type Reading =
  | {
      readonly readable: true;
      readonly status: number;
      readonly code: number;
      readonly msg: string;
      readonly logid?: string;
      readonly data: unknown;
    }
  | {
      readonly readable: false;
      readonly status: number;
      /** What the body is instead, in a few words. */
      readonly problem: string;
      readonly logid?: string;
    };

/** Longest `msg` that is kept: enough for a sentence, too short for a leaked document. */
const MSG_LENGTH_MAX = 300;

/** `secret` is the token that was sent: should the platform quote it in `msg`, it is struck out. */
export function readReply(reply: HttpReply, secret: string): Reading {
  const { status } = reply;
  const headerLogid = asLogid(reply.headers['x-tt-logid']);
  const withLogid = (logid: string | undefined) => (logid === undefined ? {} : { logid });
  const unreadable = (problem: string): Reading => ({
    readable: false,
    status,
    problem,
    ...withLogid(headerLogid),
  });
  const encoding = reply.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return unreadable(`compressed as ${encoding}, which was not asked for`);
  if (reply.body.length === 0) return unreadable('empty');
  const body = parseBody(reply.body);
  if (body === undefined) return unreadable(describeForeignBody(reply));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return unreadable('not a JSON object');
  const { code: wireCode, msg, data, detail } = body as Readonly<Record<string, unknown>>;
  const code = parseCode(wireCode);
  if (code === undefined) return unreadable('JSON without a numeric code');
  const bodyLogid =
    typeof detail === 'object' && detail !== null ? asLogid(Reflect.get(detail, 'logid')) : undefined;
  return {
    readable: true,
    status,
    code,
    msg: typeof msg === 'string' ? tidyText(msg.replaceAll(secret, '[secret]')) : '',
    ...withLogid(bodyLogid ?? headerLogid),
    data,
  };
}

function parseBody(bytes: Uint8Array): unknown {
  try {
    return parseJsonKeepingDigits(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Not UTF-8 or not JSON: both are told apart from success by `undefined`, which JSON cannot hold.
    return undefined;
  }
}

/** The gateway can be told to send 64-bit integers as strings, so a numeric string is a code too. */
function parseCode(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function asLogid(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value) ? value : undefined;
}

function describeForeignBody(reply: HttpReply): string {
  const type = (reply.headers['content-type'] ?? '').toLowerCase();
  const start = Buffer.from(reply.body.subarray(0, 64)).toString('latin1').trimStart().toLowerCase();
  if (type.includes('html') || start.startsWith('<')) return 'an HTML or XML page';
  return 'not JSON';
}

/** One line without control characters, so that a message cannot forge log lines or terminal colours. */
function tidyText(text: string): string {
  return onOneLine(text).slice(0, MSG_LENGTH_MAX);
}
