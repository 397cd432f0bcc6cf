/** The secrets of this host: read to be looked for, masked in what leaves it, and looked for once more. */

import path from 'node:path';
import type { Context } from '../../app/context.ts';
import { AppFailure } from '../../app/failure.ts';
import { TOKEN_VARIABLE } from '../../app/load-configuration.ts';
import { maskSecrets } from '../../documents/mask-secrets.ts';
import { hostFiles } from '../../lib/file-reader.ts';
import { type Message, message } from '../../messages/message.ts';
import { maskSecretShapes, SECRET_WORDS } from '../../model/secret-shapes.ts';
import type { SecretSource, Settings } from '../../model/settings.ts';
import type { Missing } from './gather.ts';

export interface GatheredSecrets {
  readonly known: readonly KnownSecret[];
  /** What could not be read, and so not be looked for. */
  readonly unread: readonly Missing[];
}

/** Shorter texts would be found everywhere. */
const CHARACTERS_MIN = 6;
/** A line of a PEM body gives nothing away alone, but many would. */
const PEM_LINE_CHARACTERS_MIN = 40;
const BYTES_MAX = 64 * 1024;

/** `yaml`: the texts of the configuration. */
export async function gatherSecrets(
  settings: Settings | undefined,
  yaml: readonly string[],
  { environment }: Pick<Context, 'environment'>,
): Promise<GatheredSecrets> {
  const auth = settings?.platform.auth;
  const notices = (settings?.notify ?? []).flatMap(({ url, secret }) =>
    secret === undefined ? [url] : [url, secret],
  );
  const variables = new Set([
    TOKEN_VARIABLE,
    ...(auth?.kind === 'token_env' ? [auth.variable] : []),
    ...notices.flatMap(listVariables),
  ]);
  const files = [
    ...(auth?.kind === 'token_file' ? [{ what: message('cli.secret_api_token'), file: auth.path }] : []),
    ...(auth?.kind === 'jwt' ? [{ what: message('cli.secret_private_key'), file: auth.privateKeyFile }] : []),
    ...notices.flatMap((source) =>
      source.kind === 'file' ? [{ what: message('cli.secret_webhook'), file: source.path }] : [],
    ),
    ...(await listDelivered(settings?.tokenSinkDir)),
  ];
  const read = await Promise.all(files.map(readSecret));
  const known = [
    ...Array.from(variables, (name) => ({
      what: message('cli.secret_variable', { name }),
      text: (environment[name] ?? '').trim(),
    })),
    ...read.flatMap(({ secrets }) => secrets),
    ...yaml.flatMap(findWebhooks),
  ];
  return {
    // Longer ones first: a secret that is a part of another must not leave the rest of it behind.
    known: known
      .filter(({ text }) => text.length >= CHARACTERS_MIN)
      .sort((left, right) => right.text.length - left.text.length),
    unread: read.flatMap(({ unread }) => unread),
  };
}

function listVariables(source: SecretSource): readonly string[] {
  if (source.kind === 'env') return [source.variable];
  return source.kind === 'text'
    ? Array.from(source.text.matchAll(/\$\{(\w+)\}/g), ([, name = '']) => name)
    : [];
}

async function listDelivered(dir: string | undefined) {
  const entries = dir === undefined ? undefined : await hostFiles.list(dir);
  return (entries ?? [])
    .filter(({ name, isDirectory }) => !isDirectory && !name.startsWith('.'))
    .map(({ name }) => ({
      what: message('cli.secret_verify_token', { name }),
      file: path.join(dir ?? '', name),
    }));
}

async function readSecret({ what, file }: { readonly what: Message; readonly file: string }) {
  const content = await hostFiles.read(file, BYTES_MAX);
  if (!content.ok) {
    const because = message('cli.bundle_unreadable', { file, reason: content.failure.reason });
    return { secrets: [], unread: [{ name: what, because }] };
  }
  const text = Buffer.from(content.bytes).toString('utf8').trim();
  const lines = text.split(/\r?\n/).filter((line) => line.length >= PEM_LINE_CHARACTERS_MIN);
  const parts = lines.length > 1 ? lines : [];
  return { secrets: [text, ...parts].map((part) => ({ what, text: part })), unread: [] };
}

/** How an occurrence is written. */
type Form = 'as it is' | 'as JSON' | 'percent-encoded' | 'in base64' | 'in hex';

const FORMS: Readonly<Record<Form, Message>> = {
  'as it is': message('cli.form_as_is'),
  'as JSON': message('cli.form_json'),
  'percent-encoded': message('cli.form_percent'),
  'in base64': message('cli.form_base64'),
  'in hex': message('cli.form_hex'),
};

interface FoundSecret {
  readonly what: string | Message;
  readonly form: Form;
}

/**
 * The last check before an archive is written: whether it contains a secret of this host, plain or encoded.
 */
export function findSecret(text: string, known: readonly KnownSecret[]): FoundSecret | undefined {
  const decoded = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  for (const { what, text: secret } of known) {
    if (!text.includes(secret) && decoded.includes(secret)) return { what, form: 'percent-encoded' };
    const found = listForms(secret).find(([, written]) => text.includes(written));
    if (found !== undefined) return { what, form: found[0] };
  }
  return undefined;
}

/** The failure that says which secret is in which file, written how. */
export function refuseSecret(file: string, { what, form }: FoundSecret): AppFailure {
  return new AppFailure('failed', message('cli.bundle_refused', { file, what, form: FORMS[form] }), [
    message('cli.bundle_refused_advice'),
    message('cli.bundle_refused_bug'),
  ]);
}

function listForms(secret: string): readonly (readonly [Form, string])[] {
  return [
    ['as it is', secret],
    ['as JSON', JSON.stringify(secret).slice(1, -1)],
    ...[0, 1, 2].map((offset) => ['in base64', base64At(secret, offset)] as const),
    ...[0, 1, 2].map((offset) => ['in base64', toUrlAlphabet(base64At(secret, offset))] as const),
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in hex', Buffer.from(secret).toString('hex').toUpperCase()],
  ];
}

/**
 * What base64 makes of the secret where `offset` bytes stand before it: only the characters that it alone
 * decides.
 */
function base64At(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const whole = Math.floor((bytes.length * 8) / 6);
  return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole);
}

function toUrlAlphabet(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

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

/**
 * Masks too much rather than too little: known secrets, what looks like one, and values of fields that hold
 * secrets. For YAML, values are masked by the name of their field, too.
 */
export function maskText(text: string, known: readonly KnownSecret[], format: 'yaml' | 'text'): MaskedText {
  let result = text;
  for (const secret of known) {
    for (const form of [secret.text, JSON.stringify(secret.text).slice(1, -1)]) {
      result = result.replaceAll(form, MARK);
    }
  }
  if (format === 'yaml') result = maskSecrets(result.split('\n')).join('\n');
  result = result.replaceAll(URL_TEXT, maskUrl).replaceAll(ASSIGNED, `$1${MARK}`);
  result = maskSecretShapes(result, MARK);
  // A place can be masked by several of these, one over another: only what is seen in the end counts.
  return { text: result, masked: Math.max(0, countMarks(result) - countMarks(text)) };
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
function maskUrl(url: string): string {
  const webhook = WEBHOOK.exec(url);
  if (webhook !== null) return `${webhook[1]}/${MARK}`;
  return url
    .replace(/^(https?:\/\/)(?!(?:\[masked\]|\*\*\*)@)[^/?#@]*@/i, `$1${MARK}@`)
    .replace(/[?#].*$/, (rest) => rest.replaceAll(/([?#&;][^=&#;]*=)[^&#;]+/g, `$1${MARK}`));
}

/** Our own masks, and those of frames of the configuration. */
function countMarks(text: string): number {
  return (text.match(/\[masked\]|\*\*\*/g) ?? []).length;
}
