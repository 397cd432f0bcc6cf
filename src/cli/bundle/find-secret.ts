/**
 * The last check before an archive is written: whether it contains a secret of this host, plain or encoded.
 */

import { AppFailure } from '../../app/failure.ts';
import { type Message, message } from '../../messages/message.ts';
import type { KnownSecret } from './mask-text.ts';

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
