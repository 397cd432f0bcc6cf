/** Challenges and signed events, posted to receivers as the platform does. One delivery each, no retry. */

import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { StoredApp } from './account.ts';
import type { NumberIssuer } from './issue-numbers.ts';
import type { CallbackAnswer, CallbackMessage, Delivery } from './protocol.ts';
import type { Switches } from './switches.ts';

/** Stated on the vendor's update page. */
const CHALLENGE_MS_MAX = 3000;
/** Stated on the vendor's page on receiving callbacks; `bot.published` has a longer limit. */
const EVENT_MS_MAX = 3000;
const PUBLISH_MS_MAX = 10_000;

type CallbackVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** An event of the platform, such as an agent that was published. */
interface PlatformEvent {
  readonly eventType: string;
  readonly eventId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly event: Readonly<Record<string, unknown>>;
}

export interface CallbackSender {
  challenge(app: StoredApp, url: string): Promise<CallbackVerdict>;
  /** One delivery of one event; the caller decides about re-sends, which carry the same event id. */
  sendEvent(app: StoredApp, event: PlatformEvent): Promise<CallbackVerdict>;
}

export interface CallbackSenderDeps {
  readonly clock: Clock;
  readonly numbers: NumberIssuer;
  readonly deliver: Delivery;
  readonly switches: () => Switches;
}

export function createCallbackSender({
  clock,
  numbers,
  deliver,
  switches,
}: CallbackSenderDeps): CallbackSender {
  const post = async (message: CallbackMessage, limitMs: number): Promise<CallbackAnswer> => {
    const timer = new AbortController();
    const late: Promise<CallbackAnswer> = clock.sleep(limitMs, timer.signal).then(
      () => ({ kind: 'unreachable', reason: `no reply within ${limitMs} ms` }),
      () => ({ kind: 'unreachable', reason: 'the receiver was faster' }),
    );
    const answer = await Promise.race([deliver(message), late]);
    timer.abort();
    return answer;
  };
  const headersFor = (app: StoredApp, body: string, timestamp: number, signed: boolean) => {
    const nonce = numbers.nonce();
    const parts = { timestamp: String(timestamp), nonce, token: app.verifyToken, body };
    return {
      'content-type': 'application/json',
      ...(signed
        ? {
            'x-coze-nonce': nonce,
            'x-coze-timestamp': String(timestamp),
            'x-coze-signature': signCallback(parts),
          }
        : {}),
    };
  };
  return {
    async challenge(app, url) {
      const now = clock.now();
      const challenge = numbers.uuid();
      const body = JSON.stringify({
        header: { event_type: 'url_verification', event_id: numbers.uuid(), created_at: now },
        event: { challenge },
      });
      const headers = headersFor(app, body, now, switches().challengeSigned);
      return judgeChallenge(await post({ url, headers, body }, CHALLENGE_MS_MAX), challenge);
    },
    async sendEvent(app, { eventType, eventId, createdAt, event }) {
      if (app.callbackUrl === undefined) return { ok: false, reason: 'the app has no callback_url' };
      const body = JSON.stringify({
        header: {
          event_type: eventType,
          event_id: eventId,
          created_at: createdAt,
          coze_account_id: '',
          api_app_id: app.id,
          ...(app.connectorId === undefined ? {} : { connector_id: app.connectorId }),
        },
        event,
      });
      const headers = headersFor(app, body, createdAt, true);
      const limitMs = eventType === 'bot.published' ? PUBLISH_MS_MAX : EVENT_MS_MAX;
      const answer = await post({ url: app.callbackUrl, headers, body }, limitMs);
      return judgeEvent(answer, app, eventType);
    },
  };
}

function judgeChallenge(answer: CallbackAnswer, challenge: string): CallbackVerdict {
  if (answer.kind === 'unreachable') return { ok: false, reason: answer.reason };
  if (answer.status !== 200) return { ok: false, reason: `HTTP ${answer.status}` };
  const reply = parseObject(answer.body);
  if (reply === undefined) return { ok: false, reason: 'the reply is not a JSON object' };
  return reply['challenge'] === challenge
    ? { ok: true }
    : { ok: false, reason: 'the reply does not hold the challenge' };
}

function judgeEvent(answer: CallbackAnswer, app: StoredApp, eventType: string): CallbackVerdict {
  if (answer.kind === 'unreachable') return { ok: false, reason: answer.reason };
  if (answer.status !== 200) return { ok: false, reason: `HTTP ${answer.status}` };
  if (app.appType !== 'connector' || eventType !== 'bot.published') return { ok: true };
  const audit = parseObject(answer.body)?.['audit'] as { readonly audit_status?: unknown } | undefined;
  return [1, 2, 3].includes(audit?.audit_status as number)
    ? { ok: true }
    : { ok: false, reason: 'a channel must answer bot.published with an audit status' };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export interface SignedParts {
  /** Milliseconds since the epoch, as sent in `X-Coze-Timestamp`. */
  readonly timestamp: string;
  readonly nonce: string;
  /** The app's verify_token. */
  readonly token: string;
  /** The body exactly as it is on the wire. */
  readonly body: string;
}

/**
 * Lower-case hex of plain SHA-1 over timestamp, nonce, token and raw body, without separators. The vendor's
 * page labels it "HMAC/SHA1" once; both of its code samples are plain SHA-1, and so is this.
 */
export function signCallback({ timestamp, nonce, token, body }: SignedParts): string {
  return createHash('sha1').update(`${timestamp}${nonce}${token}${body}`, 'utf8').digest('hex');
}
