import { describe, expect, it } from 'vitest';
import type { HttpReply } from '../lib/http-transport.ts';
import { TransportError } from '../lib/http-transport.ts';
import type { Operation } from '../model/calls.ts';
import { classifyFate, classifyReply } from './classify-reply.ts';
import { ERROR_CASES, type ErrorCaseName } from './error-catalogue.ts';
import { readReply } from './read-reply.ts';
import { createSecretGate } from './secret-gate.ts';

function classify(status: number, body: unknown, operation: Operation = 'update_app') {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const reply: HttpReply = { status, headers: {}, body: bytes };
  return classifyReply(operation, readReply(reply, createSecretGate()));
}

describe('classifyReply', () => {
  it.each([
    { body: { code: 0, msg: '' }, reason: 'the plain envelope' },
    { body: { code: '0', data: null }, reason: 'the gateway sends integers as strings' },
    { body: '\n {"code":0}', reason: 'white space around JSON is JSON' },
  ])('takes a 2xx for a success: $reason', ({ body }) => {
    expect(classify(200, body)).toBeUndefined();
  });

  const rows: { status: number; body: unknown; is: ErrorCaseName; reason: string }[] = [
    { status: 200, body: { code: 4000 }, is: 'invalid_request', reason: 'first style: HTTP 200 with a code' },
    { status: 400, body: { code: 4000 }, is: 'invalid_request', reason: 'second style: 4xx with a code' },
    {
      status: 404,
      body: { code: 4000 },
      is: 'unknown_endpoint',
      reason: 'an unknown route, not a missing app',
    },
    { status: 200, body: { code: '4200' }, is: 'app_not_found', reason: 'codes may be strings' },
    { status: 404, body: { code: 4200 }, is: 'app_not_found', reason: 'the code of the missing app' },
    {
      status: 404,
      body: 'nothing here',
      is: 'not_json',
      reason: 'a page of some other server proves no app gone',
    },
    { status: 401, body: { code: 700012006 }, is: 'token_refused', reason: 'measured with a bad token' },
    { status: 401, body: '<html>', is: 'token_refused', reason: '401 is enough' },
    { status: 200, body: { code: 4100 }, is: 'token_refused', reason: 'a wrong token' },
    {
      status: 200,
      body: { code: 4101 },
      is: 'permission_missing',
      reason: 'the list worked, so the token is good',
    },
    { status: 403, body: { code: 1 }, is: 'permission_missing', reason: 'forbidden, code unknown' },
    { status: 429, body: 'slow down', is: 'rate_limited', reason: '429 is enough' },
    { status: 200, body: { code: 4020 }, is: 'rate_limited', reason: 'requests per minute' },
    { status: 200, body: { code: 4013 }, is: 'rate_limited', reason: 'the SDK takes it for a rate limit' },
    {
      status: 503,
      body: { code: 4009 },
      is: 'system_busy',
      reason: 'the code is more exact than the status',
    },
    { status: 200, body: { code: 4102 }, is: 'risk_control', reason: 'abnormal activity' },
    { status: 200, body: { code: 4019 }, is: 'account_in_arrears', reason: 'arrears' },
    { status: 200, body: { code: 4008 }, is: 'quota_used_up', reason: 'the daily quota' },
    { status: 200, body: { code: 4011 }, is: 'balance_too_low', reason: 'the balance' },
    { status: 200, body: { code: 5000 }, is: 'internal_error', reason: 'internal error' },
    { status: 200, body: { code: 5123 }, is: 'internal_error', reason: 'its unknown neighbours' },
    { status: 200, body: { code: 777074011 }, is: 'unknown_code', reason: 'nine digits, never seen' },
    { status: 200, body: { code: -1 }, is: 'unknown_code', reason: 'negative is not success' },
    { status: 500, body: { code: 0 }, is: 'server_error', reason: 'code 0 next to a 5xx' },
    { status: 400, body: { code: 0 }, is: 'unexpected_shape', reason: 'code 0 next to a 4xx' },
    { status: 502, body: '<html>', is: 'server_error', reason: 'a gateway page' },
    { status: 408, body: '', is: 'server_error', reason: 'the server gave up waiting' },
    { status: 200, body: '', is: 'not_json', reason: 'nothing at all' },
    { status: 200, body: '<html>hello', is: 'not_json', reason: 'a captive portal' },
    { status: 200, body: '{"code":0', is: 'not_json', reason: 'cut off' },
    { status: 200, body: { msg: 'success' }, is: 'not_json', reason: 'no code' },
    { status: 200, body: { code: null }, is: 'not_json', reason: 'a code that is none' },
    { status: 200, body: { code: 0.5 }, is: 'not_json', reason: 'a code that is not an integer' },
    { status: 200, body: '[0]', is: 'not_json', reason: 'not an object' },
    { status: 302, body: { code: 0 }, is: 'redirected', reason: 'the token must not travel on' },
  ];
  it.each(rows)('takes $status $body for $is: $reason', ({ status, body, is }) => {
    expect(classify(status, body)).toBe(is);
  });

  it('takes 4101 on the list for a refused token, because nothing else is refused there', () => {
    expect(classify(200, { code: 4101 }, 'list_apps')).toBe('token_refused');
    expect(classify(200, { code: 4101 }, 'list_events')).toBe('permission_missing');
  });

  it('trusts no code of a create next to a 5xx', () => {
    for (const code of [0, 4000, 4009, 4020, 4100, 4200]) {
      expect(classify(500, { code }, 'create_app')).toBe('server_error');
    }
  });

  it('holds every failed create for possibly made, unless the platform plainly refused it', () => {
    const statuses = [200, 201, 204, 302, 400, 403, 404, 408, 409, 500, 502, 504];
    const bodies = ['', '<html>', '{"code":0', '{}', '[]', '{"code":4009}', '{"code":5000}', '{"code":5001}'];
    for (const status of statuses) {
      for (const body of bodies) {
        const caseName = classify(status, body, 'create_app');
        const mayBeMade = caseName !== undefined && ERROR_CASES[caseName].mayBeProcessed;
        expect([status, body, mayBeMade]).toEqual([status, body, true]);
      }
    }
  });

  it('knows only what was surely not sent from what may have been processed', () => {
    expect(ERROR_CASES[classifyFate(new TransportError('not_sent', 'timeout'))].mayBeProcessed).toBe(false);
    for (const fate of ['maybe_processed', 'truncated', 'oversized'] as const) {
      expect(ERROR_CASES[classifyFate(new TransportError(fate, 'timeout'))].mayBeProcessed).toBe(true);
    }
  });
});

describe('what was not sent', () => {
  it.each([
    ['proxy', 'ECONNREFUSED', 'proxy_failed'],
    ['proxy', 'HTTP 407', 'proxy_refused'],
    ['proxy', 'HTTP 503', 'proxy_failed'],
    ['tls', 'SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['tls', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['tls', 'CERT_HAS_EXPIRED', 'tls'],
    ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['tls', 'ECONNRESET', 'connection_failed'],
    ['tcp', 'ECONNREFUSED', 'connection_failed'],
  ] as const)('at %s for %s is %s', (stage, reason, is) => {
    expect(classifyFate(new TransportError('not_sent', reason, { stage }))).toBe(is);
    expect(ERROR_CASES[is].mayBeProcessed).toBe(false);
  });

  it('is not repeated where another attempt would meet the same certificate or the same refusal', () => {
    expect(ERROR_CASES.tls.repeat || ERROR_CASES.proxy_refused.repeat).toBe(false);
  });
});

describe('the error catalogue', () => {
  it('slows down only where the platform says that it wants fewer requests', () => {
    const slow = Object.entries(ERROR_CASES).filter(([, { slowDown }]) => slowDown);
    expect(slow.map(([name]) => name)).toEqual(['system_busy', 'rate_limited']);
  });

  it('holds of all refusals only a limiter’s and the plain ones for proof that a create was not processed', () => {
    const proofs = Object.entries(ERROR_CASES).filter(
      ([, { repeat, mayBeProcessed }]) => repeat && !mayBeProcessed,
    );
    expect(proofs.map(([name]) => name)).toEqual(['connection_failed', 'proxy_failed', 'rate_limited']);
  });
});
