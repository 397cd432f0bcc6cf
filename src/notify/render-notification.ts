/**
 * A notification as a webhook body: our JSON document, a text message of a Feishu or Lark custom bot, or a
 * Slack incoming webhook; and whether the reply accepts it.
 *
 * Feishu (custom bot guide): `{timestamp, sign, msg_type, content}`, where `sign` is the Base64 HMAC-SHA256
 * of an empty message, keyed with the timestamp in seconds, a line break and the secret. A refusal is HTTP
 * 200 with `code` not 0. A body has at most 20 KB.
 */

import { createHmac } from 'node:crypto';
import type { HttpReply } from '../lib/http-transport.ts';
import { onOneLine } from '../lib/printable.ts';
import { type Message, message } from '../messages/message.ts';
import { createTranslator, say, type Translate } from '../messages/say.ts';
import type { Secret } from '../model/secret.ts';
import type { NotifySettings } from '../model/settings.ts';
import type { Notification } from './notification.ts';
import type { Problem } from './problems.ts';

/** Where the notification comes from. */
export interface Origin {
  readonly host: string;
  readonly endpoint: string;
  readonly version: string;
}

export interface RenderOptions {
  readonly settings: Pick<NotifySettings, 'format' | 'language'>;
  readonly origin: Origin;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Signs Feishu messages. */
  readonly secret?: Secret;
}

/** The request body. */
export function renderNotification(notification: Notification, options: RenderOptions): string {
  const { settings, origin, now, secret } = options;
  const text = renderText(notification, origin, createTranslator(settings.language));
  switch (settings.format) {
    case 'json':
      return JSON.stringify(renderDocument(notification, text, options));
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

const LINES_MAX = 10;
const LINE_LENGTH_MAX = 400;
/** Below Feishu's 20 KB: a UTF-16 unit takes at most three bytes. */
const TEXT_LENGTH_MAX = 5_000;

/** A title and lines of plain text; of each list the first `LINES_MAX`. */
function renderText(
  { kind, added, ongoing, resolved, applied, summary }: Notification,
  { host, endpoint }: Origin,
  translate: Translate,
): string {
  const list = (problems: readonly Problem[], render: (problem: Problem) => string): readonly string[] => {
    const left = problems.length - LINES_MAX;
    const lines = problems.slice(0, LINES_MAX).map(render);
    return left <= 0 ? lines : [...lines, translate('notify.more', { count: left })];
  };
  const counts = Object.entries(applied.counts).map(([action, count]) => `${action} ${count}`);
  const title = { host, kind: message(`notify.kind_${kind}`), endpoint: new URL(endpoint).host };
  const lines = [
    translate('notify.title', title),
    ...(summary === undefined ? [] : [translate('notify.summary', { summary })]),
    ...list(added, (problem) => renderProblem(problem, translate)),
    ...(ongoing.length === 0 ? [] : [translate('notify.standing', { count: ongoing.length })]),
    ...list(resolved, (problem) =>
      translate('notify.over', { subject: subjectOf(problem), reason: problem.reason }),
    ),
    ...(counts.length === 0 ? [] : [translate('notify.applied', { counts, keys: applied.keys })]),
  ];
  return lines.map(cleanLine).join('\n').slice(0, TEXT_LENGTH_MAX);
}

function renderProblem(problem: Problem, translate: Translate): string {
  const { reason, release, logid } = problem;
  return [
    translate('notify.problem', { subject: subjectOf(problem), reason, message: problem.message }),
    logid === undefined ? '' : translate('notify.logid', { logid }),
    release === undefined || release === '' ? '' : translate('notify.release', { release }),
  ].join('');
}

function subjectOf({ id, key }: Problem): string | Message {
  if (key !== null) return key;
  if (id === 'round') return message('notify.round');
  return id.startsWith('configuration ') ? message('notify.configuration') : (id.split(' ')[1] ?? id);
}

/** One line of bounded length without control or formatting characters. */
function cleanLine(line: string): string {
  const clean = onOneLine(line);
  return clean.length <= LINE_LENGTH_MAX ? clean : `${clean.slice(0, LINE_LENGTH_MAX)}…`;
}

/** Slack interprets `<!channel>` and the like; an app's name must not mention anyone. */
function escapeForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Feishu interprets `<at user_id="all">` and has no escape for it in text messages. */
function escapeForFeishu(text: string): string {
  return text.replaceAll('<', '＜').replaceAll('>', '＞');
}

function signForFeishu(secret: Secret, now: number): { readonly timestamp: string; readonly sign: string } {
  const timestamp = String(Math.floor(now / 1_000));
  const sign = createHmac('sha256', `${timestamp}\n${secret.reveal()}`).digest('base64');
  return { timestamp, sign };
}

const PROBLEMS_MAX = 50;

/** The document of schema/notification.schema.json. */
function renderDocument(
  { kind, added, ongoing, resolved, applied, summary }: Notification,
  text: string,
  { origin, now }: RenderOptions,
): object {
  const listed = (problems: readonly Problem[]) => ({
    count: problems.length,
    first: problems.slice(0, PROBLEMS_MAX).map(toProblemJson),
  });
  return {
    format_version: 1,
    kind,
    at: new Date(now).toISOString(),
    ...origin,
    text,
    summary: summary === undefined ? null : say(summary),
    problems: { new: listed(added), standing: listed(ongoing), over: listed(resolved) },
    applied,
  };
}

function toProblemJson({ kind, key, reason, message: text, release, logid }: Problem): object {
  return { kind, key, reason, message: say(text), release: release ?? null, logid: logid ?? null };
}

/** Why the receiver did not accept the notification; undefined when it did. */
export function explainRefusal(
  { status, body }: HttpReply,
  format: NotifySettings['format'],
): Message | undefined {
  if (status >= 300 && status < 400) return message('notify.redirect', { status });
  if (status < 200 || status > 299) return message('notify.http_status', { status });
  if (format !== 'feishu') return undefined;
  const code = readFeishuCode(Buffer.from(body).toString('utf8'));
  if (code === 0) return undefined;
  if (code === undefined) return message('notify.not_feishu');
  const known = FEISHU_CODES.find((one) => one === code);
  return message('notify.feishu_refused', { code, cause: message(`notify.feishu_${known ?? 'other'}`) });
}

/** Codes that Feishu's guide documents for custom bots. */
const FEISHU_CODES = [9499, 11232, 19001, 19021, 19022, 19024] as const;

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
