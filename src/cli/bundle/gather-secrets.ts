/** The secrets of this host, read so that they can be looked for. They are compared, and never written. */

import path from 'node:path';
import type { Context } from '../../app/context.ts';
import { TOKEN_VARIABLE } from '../../app/load-configuration.ts';
import { hostFiles } from '../../lib/file-reader.ts';
import { type Message, message } from '../../messages/message.ts';
import type { SecretSource, Settings } from '../../model/settings.ts';
import type { Missing } from './inputs.ts';
import { findWebhooks, type KnownSecret } from './mask-text.ts';

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
