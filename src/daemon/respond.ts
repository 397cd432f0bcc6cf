/**
 * Answers of the daemon's servers, with headers that keep a browser from framing, sniffing or caching them.
 */

import type { CallAnswer } from '../lib/http-server.ts';
import type { Message } from '../messages/message.ts';
import { type Language, say } from '../messages/say.ts';

const GUARDS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** A JSON answer that ends with a line break, for curl. */
export function respondJson(status: number, value: unknown): CallAnswer {
  return respond(status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`);
}

/** An answer of any type. `headers` override the guards. */
export function respond(
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): CallAnswer {
  return { status, headers: { ...GUARDS, 'content-type': contentType, ...headers }, body };
}

/** A refusal with its reason. */
export function refuse(status: number, reason: Message, language: Language = 'en'): CallAnswer {
  return respondJson(status, { ok: false, message: say(reason, language) });
}
