/**
 * Challenges a receiver as the platform does when a callback_url is set, before the platform is asked to. No URL is probed
 * twice in a round, nor soon again after it failed.
 *
 * The challenge, from the vendor's page for channel apps: POST, JSON, `event.challenge` (not at the top level as elsewhere),
 * to be answered within 3 s by `{"challenge": "<the same>"}`.
 */
import type { Clock } from '../lib/clock.ts';
import {
  type HttpReply,
  type Transport,
  TransportError,
  type TransportStage,
} from '../lib/http-transport.ts';
import type { CallContext } from '../model/calls.ts';
import { assertNever } from '../model/invariant.ts';

/** How far a receiver got: the stages of the exchange, then the echo of the challenge. `url`: not a URL to speak of. */
export type ReceiverStage = 'url' | TransportStage | 'time' | 'echo';

type ReceiverVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly stage: ReceiverStage; readonly message: string };

export interface ReceiverCheck {
  /** Resolves with a verdict whatever the receiver does; rejects only when the context's signal aborts. */
  check(url: string, context: CallContext): Promise<ReceiverVerdict>;
  /** A new round: URLs that are not backing off may be probed again. */
  beginRound(): void;
}

export interface ReceiverCheckOptions {
  /** Refuses the addresses that must not be talked to. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** A fresh UUID. */
  readonly newUuid: () => string;
  readonly userAgent: string;
}

/** What the platform gives a receiver. */
const CHALLENGE_TIMEOUT_MS = 3_000;
const BODY_BYTES_MAX = 64 * 1024;
/** After a failure a URL is left alone for this long, twice as long each time. */
const BACKOFF_BASE_MS = 30_000;
const BACKOFF_MS_MAX = 600_000;

interface Failed {
  readonly verdict: ReceiverVerdict;
  readonly failures: number;
  readonly until: number;
}

export function createReceiverCheck(options: ReceiverCheckOptions): ReceiverCheck {
  const { clock } = options;
  const thisRound = new Map<string, Promise<ReceiverVerdict>>();
  const failed = new Map<string, Failed>();

  async function probe(url: string, context: CallContext): Promise<ReceiverVerdict> {
    const before = failed.get(url);
    if (before !== undefined && clock.now() < before.until) return before.verdict;
    const verdict = await challengeReceiver(url, context.signal, options);
    if (verdict.ok) {
      failed.delete(url);
    } else {
      const failures = (before?.failures ?? 0) + 1;
      const backoffMs = Math.min(BACKOFF_MS_MAX, BACKOFF_BASE_MS * 2 ** (failures - 1));
      failed.set(url, { verdict, failures, until: clock.now() + backoffMs });
    }
    return verdict;
  }

  return {
    check(url, context) {
      const running = thisRound.get(url);
      if (running !== undefined) return running;
      const verdict = probe(url, context);
      thisRound.set(url, verdict);
      // A probe that was stopped has no verdict, so the next one may ask again.
      verdict.catch(() => thisRound.delete(url));
      return verdict;
    },
    beginRound() {
      thisRound.clear();
    },
  };
}

async function challengeReceiver(
  url: string,
  signal: AbortSignal,
  { transport, clock, newUuid, userAgent }: ReceiverCheckOptions,
): Promise<ReceiverVerdict> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return { ok: false, stage: 'url', message: 'the callback_url is not an http or https URL' };
  }
  const challenge = newUuid();
  const header = { event_type: 'url_verification', event_id: newUuid(), created_at: clock.now() };
  try {
    const reply = await transport.send(
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': userAgent },
        body: JSON.stringify({ header, event: { challenge } }),
        resolveTimeoutMs: CHALLENGE_TIMEOUT_MS,
        timeoutMs: CHALLENGE_TIMEOUT_MS,
        bodyBytesMax: BODY_BYTES_MAX,
      },
      signal,
    );
    return judgeReply(reply, challenge);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    signal.throwIfAborted();
    return explainFailure(error);
  }
}

function judgeReply({ status, headers, body }: HttpReply, challenge: string): ReceiverVerdict {
  if (status >= 300 && status < 400) {
    const message = `the receiver answers with a redirect (HTTP ${status}) to ${describeTarget(headers['location'])}, which is not followed: give the final URL`;
    return { ok: false, stage: 'http', message };
  }
  if (status !== 200) {
    const message = `the receiver answers the challenge with HTTP ${status}: it has to answer 200`;
    return { ok: false, stage: 'http', message };
  }
  if (parseEcho(body) === challenge) return { ok: true };
  const message =
    'the receiver does not echo the challenge: it has to answer {"challenge": "<event.challenge>"}';
  return { ok: false, stage: 'echo', message };
}

/** Host and path only: a query can hold a secret. */
function describeTarget(location: string | undefined): string {
  if (location === undefined || !URL.canParse(location)) return 'another place';
  const { origin, pathname } = new URL(location);
  return `${origin}${pathname}`.slice(0, 200);
}

function parseEcho(body: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null ? Reflect.get(value, 'challenge') : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function explainFailure({ stage, reason, fate }: TransportError): ReceiverVerdict {
  const isLate = reason === 'timeout';
  if (isLate && stage !== 'dns') {
    const message = `the receiver is too slow: no reply within ${CHALLENGE_TIMEOUT_MS} ms (reached ${stage}); the platform waits 3 s`;
    return { ok: false, stage: 'time', message };
  }
  const why = isLate
    ? `no answer within ${CHALLENGE_TIMEOUT_MS} ms`
    : fate === 'oversized'
      ? `a reply of ${reason}`
      : reason;
  return { ok: false, stage, message: describeStage(stage, why) };
}

function describeStage(stage: TransportStage, reason: string): string {
  switch (stage) {
    case 'dns':
      return `the receiver's name cannot be resolved (${reason})`;
    case 'address':
      return `the receiver is at ${reason}, which is not on the public internet; it was not contacted`;
    case 'tcp':
      return `no connection to the receiver (${reason})`;
    case 'tls':
      return `no TLS connection to the receiver (${reason})`;
    case 'http':
      return `the receiver gives no usable reply (${reason})`;
    default:
      return assertNever(stage);
  }
}
