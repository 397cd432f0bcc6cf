/**
 * Masks secrets in text that leaves the host, too much rather than too little: known secrets, what looks like
 * one, and values of fields that hold secrets.
 */

import { maskSecrets } from '../../documents/mask-secrets.ts';
import { type Message, message } from '../../messages/message.ts';
import { maskSecretShapes, SECRET_WORDS } from '../../model/secret-shapes.ts';

/** A secret of this host, and what it is called in messages. */
export interface KnownSecret {
  readonly what: string | Message;
  readonly text: string;
}

export interface MaskedText {
  readonly text: string;
  /** How many places were masked. */
  readonly masked: number;
}

const MARK = '[masked]';
const URL_TEXT = /\bhttps?:\/\/[^\s"'<>\\`]+/gi;
/** Chat services whose URL is all it takes to post there. */
const WEBHOOK =
  /^(https?:\/\/[^/]*(?:feishu\.cn|larksuite\.com|dingtalk\.com|weixin\.qq\.com|slack\.com|office\.com|discord(?:app)?\.com))\/.*$/i;
/** `COZE_API_TOKEN=...` in a unit file or an environment; a variable that names a file is none. */
const ASSIGNED = new RegExp(
  String.raw`\b([A-Z0-9_]*(?:${SECRET_WORDS.toUpperCase()})[A-Z0-9_]*(?<!_FILE)=)("[^"]*"|[^\s"]+)`,
  'g',
);

/** For YAML, values are masked by the name of their field, too. */
export function maskText(text: string, known: readonly KnownSecret[], format: 'yaml' | 'text'): MaskedText {
  let masked = 0;
  const mark = () => {
    masked += 1;
    return MARK;
  };
  let result = text;
  for (const secret of known) {
    for (const form of [secret.text, JSON.stringify(secret.text).slice(1, -1)]) {
      result = result.replaceAll(form, mark);
    }
  }
  if (format === 'yaml') {
    const lines = result.split('\n');
    const shown = maskSecrets(lines);
    masked += shown.filter((line, index) => line !== lines[index]).length;
    result = shown.join('\n');
  }
  result = result
    .replaceAll(URL_TEXT, (url) => maskUrl(url, mark))
    .replaceAll(ASSIGNED, (_, name: string) => `${name}${mark()}`);
  const before = countMarks(result);
  result = maskSecretShapes(result, MARK);
  return { text: result, masked: masked + Math.max(0, countMarks(result) - before) };
}

/** Every URL under `notify:`, because anyone who knows it can post there. */
export function findWebhooks(yaml: string): readonly KnownSecret[] {
  const block = /^notify:.*(?:\n(?:[ \t#-].*|[ \t]*))*/m.exec(yaml)?.[0] ?? '';
  return [...block.matchAll(URL_TEXT)].map(([url]) => ({
    what: message('cli.secret_webhook_url'),
    // Brackets of a YAML flow belong to no URL.
    text: url.replace(/[\]},]+$/, ''),
  }));
}

/** The names of a query stay, its values go, like a user and a password. */
function maskUrl(url: string, mark: () => string): string {
  const webhook = WEBHOOK.exec(url);
  if (webhook !== null) return `${webhook[1]}/${mark()}`;
  return url
    .replace(
      /^(https?:\/\/)(?!(?:\[masked\]|\*\*\*)@)[^/?#@]*@/i,
      (_, scheme: string) => `${scheme}${mark()}@`,
    )
    .replace(/[?#].*$/, (rest) =>
      rest.replaceAll(/([?#&;][^=&#;]*=)([^&#;]+)/g, (whole, name: string, value: string) =>
        value === MARK ? whole : `${name}${mark()}`,
      ),
    );
}

function countMarks(text: string): number {
  return text.split(MARK).length;
}
