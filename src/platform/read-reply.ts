/**
 * Reads one HTTP reply as an envelope `{code, msg, data, detail}`, or says why it is none. It never throws.
 */

import type { HttpReply } from '../lib/http-transport.ts';
import { parseJsonKeepingDigits } from '../lib/json-text.ts';
import { onOneLine } from '../lib/printable.ts';
import { type Message, message } from '../messages/message.ts';
import { isSecretName } from '../model/secret-shapes.ts';
import type { SecretGate } from './secret-gate.ts';

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
/** Deeper than any reply; what is nested deeper is not read. */
const DEPTH_MAX = 8;
/** Longest word of a header that is quoted. */
const HEADER_LENGTH_MAX = 40;

/** Every text of the reply has passed the gate; the secrets that the reply hands over are known to it. */
export function readReply(reply: HttpReply, gate: SecretGate): Reading {
  const { status } = reply;
  const body = parseBody(reply.body);
  gate.know(...findSecretFields(body));
  const headerLogid = gate.logid(reply.headers['x-tt-logid']);
  const withLogid = (logid: string | undefined) => (logid === undefined ? {} : { logid });
  const unreadable = (problem: Message): Reading => ({
    readable: false,
    status,
    problem,
    ...withLogid(headerLogid),
  });
  const encoding = reply.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    return unreadable(
      message('platform.compressed', { encoding: tidyText(gate.text(encoding)).slice(0, HEADER_LENGTH_MAX) }),
    );
  if (reply.body.length === 0) return unreadable(message('platform.empty'));
  if (body === undefined) return unreadable(describeForeignBody(reply));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return unreadable(message('platform.not_a_json_object'));
  const { code: wireCode, msg, data, detail } = body as Readonly<Record<string, unknown>>;
  const code = parseCode(wireCode);
  if (code === undefined) return unreadable(message('platform.no_code'));
  const bodyLogid =
    typeof detail === 'object' && detail !== null ? gate.logid(Reflect.get(detail, 'logid')) : undefined;
  return {
    readable: true,
    status,
    code,
    msg: typeof msg === 'string' ? tidyText(gate.text(msg)) : '',
    ...withLogid(bodyLogid ?? headerLogid),
    data: maskValues(data, gate),
  };
}

/** Tokens that the platform hands over under their own names, at any depth. */
export function findSecretFields(value: unknown, depth = 0): readonly string[] {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' && isHandedOver(name) ? [member] : findSecretFields(member, depth + 1),
  );
}

/** The data with known secrets masked everywhere but in the fields that are for them. */
function maskValues(value: unknown, gate: SecretGate, depth = 0): unknown {
  if (typeof value === 'string') return gate.value(value);
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((item) => maskValues(item, gate, depth + 1));
  const members = Object.entries(value).map(([name, member]) => [
    name,
    isHandedOver(name) || name === 'next_page_token' ? member : maskValues(member, gate, depth + 1),
  ]);
  return Object.fromEntries(members);
}

function isHandedOver(name: string): boolean {
  return isSecretName(name) && name !== 'next_page_token';
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

/** Upper bound for the pause that one header can request. */
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
