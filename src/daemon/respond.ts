/** Builds the answers of the daemon's servers. A status and a value go in; headers that no browser can misread come out. */

import type { CallAnswer } from '../lib/http-server.ts';

/** On every answer: nothing here is to be framed, sniffed, cached or told on as a referrer. */
const GUARDS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** A JSON answer that ends with a line break, as people read it with curl. */
export function respondJson(status: number, value: unknown): CallAnswer {
  return respond(status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`);
}

/** An answer of any type. `headers` win over the guards. */
export function respond(
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): CallAnswer {
  return { status, headers: { ...GUARDS, 'content-type': contentType, ...headers }, body };
}

/** A refusal that says what would be right. */
export function refuse(status: number, message: string): CallAnswer {
  return respondJson(status, { ok: false, message });
}
