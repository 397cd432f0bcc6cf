/**
 * Reads one HTTP reply as an envelope `{code, msg, data, detail}`, or says why it is none. It never throws.
 */

import type { HttpReply } from '../lib/http-transport.ts';
import { parseJsonKeepingDigits } from '../lib/json-text.ts';
import { onOneLine } from '../lib/printable.ts';
import { type Message, message } from '../messages/message.ts';

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
      readonly problem: Message;
      readonly logid?: string;
    };

/** Longest `msg` that is kept: enough for a sentence, too short for a leaked document. */
const MSG_LENGTH_MAX = 300;

/** `secret` is the token that was sent: should the platform quote it in `msg`, it is struck out. */
export function readReply(reply: HttpReply, secret: string): Reading {
  const { status } = reply;
  const headerLogid = asLogid(reply.headers['x-tt-logid']);
  const withLogid = (logid: string | undefined) => (logid === undefined ? {} : { logid });
  const unreadable = (problem: Message): Reading => ({
    readable: false,
    status,
    problem,
    ...withLogid(headerLogid),
  });
  const encoding = reply.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return unreadable(message('platform.compressed', { encoding }));
  if (reply.body.length === 0) return unreadable(message('platform.empty'));
  const body = parseBody(reply.body);
  if (body === undefined) return unreadable(describeForeignBody(reply));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return unreadable(message('platform.not_a_json_object'));
  const { code: wireCode, msg, data, detail } = body as Readonly<Record<string, unknown>>;
  const code = parseCode(wireCode);
  if (code === undefined) return unreadable(message('platform.no_code'));
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

function describeForeignBody(reply: HttpReply): Message {
  const type = (reply.headers['content-type'] ?? '').toLowerCase();
  const start = Buffer.from(reply.body.subarray(0, 64)).toString('latin1').trimStart().toLowerCase();
  if (type.includes('html') || start.startsWith('<')) return message('platform.markup');
  return message('platform.no_json');
}

/** One line without control characters, so that a message cannot forge log lines or terminal colours. */
function tidyText(text: string): string {
  return onOneLine(text).slice(0, MSG_LENGTH_MAX);
}

/** No server may silence us for longer than this with one header. */
const RETRY_AFTER_MS_MAX = 60_000;

/**
 * Takes both forms of RFC 9110, seconds and an HTTP date. A date is measured against the reply's own `Date`
 * where it has one, so that a skewed clock on this host does not matter. A past date is 0; nonsense is
 * `undefined`.
 */
export function parseRetryAfter(
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  const waitMs = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1_000
    : waitUntilDate(text, headers['date'], nowMs);
  if (waitMs === undefined) return undefined;
  return Math.min(RETRY_AFTER_MS_MAX, Math.max(0, Math.ceil(waitMs)));
}

function waitUntilDate(text: string, serverDate: string | undefined, nowMs: number): number | undefined {
  const until = Date.parse(text);
  if (!/[a-z]{3}/i.test(text) || Number.isNaN(until)) return undefined;
  const serverNow = serverDate === undefined ? Number.NaN : Date.parse(serverDate);
  return until - (Number.isNaN(serverNow) ? nowMs : serverNow);
}
