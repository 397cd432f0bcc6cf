/**
 * Challenges a receiver as the platform does when a callback_url is set, before the platform is asked to. No
 * URL is probed twice in a round, nor soon again after it failed.
 *
 * The challenge, from the vendor's page for channel apps: POST, JSON, `event.challenge` (not at the top level
 * as elsewhere), to be answered within 3 s by `{"challenge": "<the same>"}`.
 */
import type { Clock } from '../lib/clock.ts';
import {
  type HttpReply,
  type Transport,
  TransportError,
  type TransportStage,
} from '../lib/http-transport.ts';
import { onOneLine } from '../lib/printable.ts';
import { type Message, message } from '../messages/message.ts';
import type { CallContext } from '../model/calls.ts';
import { assertNever } from '../model/invariant.ts';
import { explainTransport } from './explain-transport.ts';
import type { SecretGate } from './secret-gate.ts';

/**
 * How far a receiver got: the stages of the exchange, then the echo of the challenge. `url`: not a URL to
 * speak of.
 */
export type ReceiverStage = 'url' | TransportStage | 'time' | 'echo';

type ReceiverVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly stage: ReceiverStage; readonly message: Message };

export interface ReceiverCheck {
  /** Resolves with a verdict whatever the receiver does; rejects only when the context's signal aborts. */
  check(url: string, context: CallContext): Promise<ReceiverVerdict>;
  /** A new round: URLs that are not backing off may be probed again. */
  beginRound(): void;
}

export interface ReceiverCheckOptions {
  /** Refuses addresses that must not be connected to. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** A fresh UUID. */
  readonly newUuid: () => string;
  readonly userAgent: string;
  readonly gate: SecretGate;
}

/** The platform's own timeout for a receiver. */
const CHALLENGE_TIMEOUT_MS = 3_000;
const BODY_BYTES_MAX = 64 * 1024;
/** Pause before a failed URL is probed again, doubled each time. */
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
  { transport, clock, newUuid, userAgent, gate }: ReceiverCheckOptions,
): Promise<ReceiverVerdict> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return fail('url', message('platform.receiver_no_url'));
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
    return judgeReply(reply, challenge, gate);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    signal.throwIfAborted();
    return explainFailure(error, gate);
  }
}

function judgeReply(
  { status, headers, body }: HttpReply,
  challenge: string,
  gate: SecretGate,
): ReceiverVerdict {
  if (status >= 300 && status < 400) {
    const target = describeTarget(headers['location'], gate);
    return fail('http', message('platform.receiver_redirects', { status, target }));
  }
  if (status !== 200) return fail('http', message('platform.receiver_status', { status }));
  return parseEcho(body) === challenge ? { ok: true } : fail('echo', message('platform.receiver_no_echo'));
}

/** Host and path only: a query can hold a secret. */
function describeTarget(location: string | undefined, gate: SecretGate): string | Message {
  if (location === undefined || !URL.canParse(location)) return message('platform.another_place');
  const { origin, pathname } = new URL(location);
  return onOneLine(gate.text(`${origin}${pathname}`)).slice(0, 200);
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

function explainFailure(error: TransportError, gate: SecretGate): ReceiverVerdict {
  const { stage, reason, fate } = error;
  const ms = CHALLENGE_TIMEOUT_MS;
  if (reason === 'timeout') {
    if (stage !== 'dns') return fail('time', message('platform.receiver_late', { ms, stage }));
    return fail(stage, explainStage(stage, message('platform.no_answer_within', { ms })));
  }
  const isOversized = fate === 'oversized';
  const why = isOversized
    ? message('platform.reply_too_long', { limit: reason })
    : explainTransport(error, gate);
  return fail(stage, explainStage(stage, why));
}

function explainStage(stage: TransportStage, reason: string | Message): Message {
  switch (stage) {
    case 'dns':
      return message('platform.receiver_unresolved', { reason });
    case 'address':
      return message('platform.receiver_private', { address: reason });
    case 'proxy':
      return message('platform.receiver_proxy', { reason });
    case 'tcp':
      return message('platform.receiver_unconnected', { reason });
    case 'tls':
      return message('platform.receiver_no_tls', { reason });
    case 'http':
      return message('platform.receiver_no_reply', { reason });
    default:
      return assertNever(stage);
  }
}

function fail(stage: ReceiverStage, why: Message): ReceiverVerdict {
  return { ok: false, stage, message: why };
}
