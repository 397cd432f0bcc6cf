/**
 * Exchanges a signed assertion for an access token, at the OAuth endpoint whose replies have a shape of their
 * own. What the network or the server broke is repeated with a new assertion; a refusal is a value, because a
 * wrong clock may be the reason.
 */

import type { Clock } from '../lib/clock.ts';
import { type HttpReply, type Transport, TransportError } from '../lib/http-transport.ts';
import { parseJsonKeepingDigits } from '../lib/json-text.ts';
import { type Message, message } from '../messages/message.ts';
import { type CallReport, PlatformError } from '../model/calls.ts';
import { CredentialsError } from '../model/credentials.ts';
import type { AuthSettings } from '../model/settings.ts';
import { explainTransport } from './explain-transport.ts';
import { backoffMs, retryCall } from './perform-call.ts';
import type { OnCall } from './ports.ts';
import { findSecretFields } from './read-reply.ts';
import type { SecretGate } from './secret-gate.ts';

export type Exchanged = (
  | { readonly ok: true; readonly accessToken: string; readonly expiresAt: number }
  | { readonly ok: false; readonly error: CredentialsError }
) & {
  /** How far the server's clock is ahead of ours, where its reply tells. */
  readonly skewMs: number | undefined;
};

export interface ExchangeOptions {
  readonly auth: Extract<AuthSettings, { kind: 'jwt' }>;
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly userAgent: string;
  readonly onCall: OnCall;
  readonly gate: SecretGate;
}

/** How long the access token shall live: an hour, of the 15 minutes to 24 hours that can be asked for. */
const TOKEN_SECONDS = 3_600;
const ATTEMPTS_MAX = 3;
const BACKOFF = { baseMs: 500, capMs: 4_000 };
const BODY_BYTES_MAX = 64 * 1024;
/**
 * `expires_in` is an instant, not a duration, despite its name; anything this small would be a duration after
 * all.
 */
const EXPIRES_IN_INSTANT_MIN = 1_000_000_000;
/** A signal that never aborts: the token serves every call that waits for it. */
const UNSTOPPABLE = new AbortController().signal;

export async function exchangeJwt(
  newJwt: () => Promise<string>,
  options: ExchangeOptions,
): Promise<Exchanged> {
  let attempts = 0;
  return retryCall(async () => exchangeOnce(await newJwt(), ++attempts, options), {
    attemptsMax: ATTEMPTS_MAX,
    waitBeforeNext: async (failure, attempt) =>
      failure instanceof PlatformError
        ? backoffMs(attempt, { ...BACKOFF, random: options.random })
        : undefined,
    clock: options.clock,
    signal: UNSTOPPABLE,
  });
}

/** Rejects with a PlatformError of kind `transient` when there is no answer to speak of. */
async function exchangeOnce(jwt: string, attempt: number, options: ExchangeOptions): Promise<Exchanged> {
  const { clock, transport, gate } = options;
  gate.know(jwt);
  const path = exchangePath(options.auth);
  const at = clock.now();
  const startedAt = clock.monotonic();
  const report = (reply: Pick<CallReport, 'status' | 'logid' | 'msg' | 'failure'>) => {
    const durationMs = clock.monotonic() - startedAt;
    const call = { operation: 'exchange_token', method: 'POST', path, at, durationMs, attempt } as const;
    options.onCall({ ...call, ...reply }, { signal: UNSTOPPABLE });
  };
  let reply: HttpReply;
  try {
    reply = await transport.send({
      method: 'POST',
      url: `${options.baseUrl}${path}`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${jwt}`,
        'content-type': 'application/json; charset=utf-8',
        'user-agent': options.userAgent,
      },
      body: JSON.stringify({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        duration_seconds: TOKEN_SECONDS,
      }),
      timeoutMs: options.timeoutMs,
      bodyBytesMax: BODY_BYTES_MAX,
    });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    report({ failure: 'transient' });
    throw transient(message('platform.no_reply', { reason: explainTransport(error, gate) }), attempt, error);
  }
  const { status, headers } = reply;
  const body = parseBody(reply.body);
  gate.know(...findSecretFields(body));
  const logid = gate.logid(headers['x-tt-logid']);
  const told = { status, ...(logid === undefined ? {} : { logid }) };
  const skewMs = measureSkew(headers, clock.now());
  const granted = parseGrant(body, clock.now() + (skewMs ?? 0));
  if (status >= 200 && status < 300 && granted !== undefined) {
    report(told);
    return { ok: true, ...granted, skewMs };
  }
  const code = parseErrorCode(body, gate);
  if (status >= 500 || status === 429 || code === undefined || code === 'internal_error') {
    report({ ...told, failure: 'transient' });
    throw transient(`HTTP ${status}${code === undefined ? '' : `, ${code}`}`, attempt);
  }
  report({ ...told, msg: code, failure: 'auth' });
  return { ok: false, error: refused(code, status), skewMs };
}

function exchangePath({ accountId, enterpriseId }: ExchangeOptions['auth']): string {
  const base = '/api/permission/oauth2';
  if (enterpriseId !== undefined) return `${base}/enterprise_id/${encodeURIComponent(enterpriseId)}/token`;
  return accountId === undefined ? `${base}/token` : `${base}/account/${encodeURIComponent(accountId)}/token`;
}

function parseBody(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value = parseJsonKeepingDigits(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** `expiresAt` is on the server's clock, as `serverNow` is. */
function parseGrant(body: Readonly<Record<string, unknown>>, serverNow: number) {
  const accessToken = body['access_token'];
  const expiresIn = Number(body['expires_in']);
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken)) return undefined;
  if (!Number.isFinite(expiresIn) || expiresIn <= 0) return undefined;
  const expiresAt = expiresIn >= EXPIRES_IN_INSTANT_MIN ? expiresIn * 1_000 : serverNow + expiresIn * 1_000;
  return { accessToken, expiresAt };
}

/**
 * A refusal names its reason in one of these; a word or a number, never a sentence, so that nothing leaks.
 */
function parseErrorCode(body: Readonly<Record<string, unknown>>, gate: SecretGate): string | undefined {
  for (const field of ['error_code', 'error', 'code']) {
    const value = body[field];
    if (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value)) return gate.text(value);
    if (typeof value === 'number' && value !== 0) return String(value);
  }
  return undefined;
}

/** The server's clock minus ours, from the Date header; it counts whole seconds. */
function measureSkew(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const serverNow = Date.parse(headers['date'] ?? '');
  return Number.isNaN(serverNow) ? undefined : serverNow - now;
}

function transient(reason: string | Message, attempts: number, cause?: unknown): PlatformError {
  return new PlatformError(
    {
      kind: 'transient',
      operation: 'exchange_token',
      message: message('platform.no_access_token', { reason }),
      advice: message('platform.no_access_token_advice'),
      attempts,
    },
    cause,
  );
}

function refused(code: string, status: number): CredentialsError {
  return new CredentialsError('refused', message('platform.jwt_refused', { status, code }), {
    advice: message('platform.jwt_refused_advice'),
  });
}
