/**
 * A bulletin as the body that a webhook takes: our own JSON document, a text message of a custom bot of Feishu or Lark, or
 * one of an incoming webhook of Slack. And whether its reply means that it was taken.
 *
 * Feishu, from the vendor's guide of custom bots: `{timestamp, sign, msg_type, content}`; `sign` is the Base64 of an
 * HMAC-SHA256 over nothing, keyed with the timestamp in seconds, a line break and the secret. A refusal is HTTP 200 with a
 * `code` that is not 0. A body has at most 20 KB.
 */

import { createHmac } from 'node:crypto';
import type { HttpReply } from '../lib/http-transport.ts';
import type { Secret } from '../model/secret.ts';
import type { NotifySettings } from '../model/settings.ts';
import type { Bulletin } from './bulletin.ts';
import { describeBulletin, type Origin } from './describe-bulletin.ts';
import type { Problem } from './problem.ts';

export interface RenderOptions {
  readonly settings: Pick<NotifySettings, 'format' | 'language'>;
  readonly origin: Origin;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly secret?: Secret;
}

export function renderMessage(bulletin: Bulletin, options: RenderOptions): string {
  const { settings, origin, now, secret } = options;
  const text = describeBulletin(bulletin, origin, settings.language);
  switch (settings.format) {
    case 'json':
      return JSON.stringify(renderDocument(bulletin, text, options));
    case 'slack':
      return JSON.stringify({ text: escapeForSlack(text) });
    case 'feishu':
      return JSON.stringify({
        ...(secret === undefined ? {} : signForFeishu(secret, now)),
        msg_type: 'text',
        content: { text: escapeForFeishu(text) },
      });
  }
}

/** Why the receiver did not take the message; undefined when it did. */
export function explainRefusal(
  { status, body }: HttpReply,
  format: NotifySettings['format'],
): string | undefined {
  if (status >= 300 && status < 400) return `HTTP ${status}: a redirect is not followed`;
  if (status < 200 || status > 299) return `HTTP ${status}`;
  if (format !== 'feishu') return undefined;
  const code = readFeishuCode(Buffer.from(body).toString('utf8'));
  if (code === 0) return undefined;
  return code === undefined
    ? 'the reply is not one of Feishu'
    : `code ${code}: ${FEISHU_CODES[code] ?? 'refused'}`;
}

const FEISHU_CODES: Readonly<Record<number, string>> = {
  9499: 'the body is not what the bot takes',
  11232: 'too many messages',
  19001: 'there is no such bot, or its URL is wrong',
  19021: 'the signature does not match, or the clock is more than an hour off',
  19022: 'the bot does not accept the address of this host',
  19024: 'the bot wants a keyword that the message does not hold',
};

function readFeishuCode(text: string): number | undefined {
  try {
    const { code, StatusCode } = JSON.parse(text) as { code?: unknown; StatusCode?: unknown };
    const found = code ?? StatusCode;
    return typeof found === 'number' ? found : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function signForFeishu(secret: Secret, now: number): { readonly timestamp: string; readonly sign: string } {
  const timestamp = String(Math.floor(now / 1_000));
  const sign = createHmac('sha256', `${timestamp}\n${secret.reveal()}`).digest('base64');
  return { timestamp, sign };
}

/** Slack reads `<!channel>` and the like; names of apps must not call anybody. */
function escapeForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Feishu reads `<at user_id="all">`, and knows no escape for it in a text. */
function escapeForFeishu(text: string): string {
  return text.replaceAll('<', '＜').replaceAll('>', '＞');
}

const PROBLEMS_MAX = 50;

/** The document of schema/notification.schema.json. */
function renderDocument(bulletin: Bulletin, text: string, { origin, now }: RenderOptions): object {
  const { kind, fresh, standing, over, applied } = bulletin;
  return {
    format_version: 1,
    kind,
    at: new Date(now).toISOString(),
    ...origin,
    text,
    problems: { new: renderProblems(fresh), standing: renderProblems(standing), over: renderProblems(over) },
    applied,
  };
}

/** How many there are, and the first of them. */
function renderProblems(problems: readonly Problem[]): object {
  return { count: problems.length, first: problems.slice(0, PROBLEMS_MAX).map(renderProblem) };
}

function renderProblem({ kind, key, reason, message, release, logid }: Problem): object {
  return { kind, key, reason, message, release: release ?? null, logid: logid ?? null };
}
