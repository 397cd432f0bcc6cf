/** Whatever way a reply quotes a secret, the gate lets none of it out, and lets ordinary text through. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpReply } from '../lib/http-transport.ts';
import { readReply } from './read-reply.ts';
import { createSecretGate } from './secret-gate.ts';

const TOKEN = 'czs_Qm3zT8rWx1Kp7LdV0aYb5NcJh2Ge9Uf4';
const VERIFY = 'q7RkZ2mXc9VtB4nL8sWpD1fHj6GyQ3eUa5KoT0iMxN7rPbCvJ4wSzA2dEhF9gYlu';

/** Ways to quote a text. */
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in capitals': (secret) => secret.toUpperCase(),
  'percent-encoded': (secret) => secret.replaceAll(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  'percent-encoded twice': (secret) =>
    secret.replaceAll(/./g, (one) => `%25${one.charCodeAt(0).toString(16)}`),
  'percent-encoded here and there': (secret) =>
    secret.replaceAll(/[a-m]/g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64 after one byte': (secret) => Buffer.from(`x${secret}`).toString('base64'),
  'in base64 after two bytes': (secret) => Buffer.from(`xy${secret}`).toString('base64url'),
  'in base64 of a header': (secret) => Buffer.from(`Authorization: Bearer ${secret}\r\n`).toString('base64'),
  'in base64 of base64': (secret) => Buffer.from(Buffer.from(secret).toString('base64')).toString('base64'),
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
  'in hex after a digit': (secret) => `a${Buffer.from(secret).toString('hex').toUpperCase()}`,
  'in hex with colons': (secret) =>
    Buffer.from(secret)
      .toString('hex')
      .replaceAll(/..(?=.)/g, '$&:'),
  'as JSON escapes': (secret) => secret.replaceAll(/./g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
  'as HTML entities': (secret) => secret.replaceAll(/./g, (one) => `&#${one.charCodeAt(0)};`),
  'the first half': (secret) => secret.slice(0, secret.length >> 1),
  'twelve from the middle': (secret) => secret.slice(13, 25),
  'twelve in base64': (secret) => Buffer.from(secret.slice(7, 19)).toString('base64'),
  'in a word': (secret) => `a${secret}b`,
};

/** Whether twelve characters of the secret can be read in the text, in whichever of the forms. */
function shows(text: string, secret: string): boolean {
  const pieces = Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12));
  const written = [
    text,
    text.toLowerCase(),
    decodeURIComponent(text.replaceAll(/%(?![0-9a-f]{2})/gi, '%25')),
  ];
  return pieces.some((piece) => {
    const base64 = [0, 1, 2].map((before) => {
      const encoded = Buffer.from(`${'-'.repeat(before)}${piece}`)
        .toString('base64')
        .replaceAll('=', '');
      return encoded.slice(before === 0 ? 0 : before + 1, -1);
    });
    const forms = [piece, piece.toLowerCase(), Buffer.from(piece).toString('hex'), ...base64];
    return forms.some((form) => written.some((one) => one.includes(form)));
  });
}

describe('a secret that is known', () => {
  for (const [form, write] of Object.entries(FORMS)) {
    it.each([TOKEN, VERIFY])(`is masked ${form}: %#`, (secret) => {
      const gate = createSecretGate();
      gate.know(TOKEN, VERIFY);
      const written = write(secret);
      for (const text of [written, `near "${written}", ok`, `x=${written}&y`, `a/${written}/b`]) {
        expect(gate.text(text)).not.toContain(written);
        expect(gate.value(text)).not.toContain(written);
        expect(shows(gate.value(text), secret)).toBe(false);
      }
      expect(gate.logid(written)).toBeUndefined();
    });
  }

  it('is masked wherever it stands, in any form, among any text', () => {
    const gate = createSecretGate();
    gate.know(TOKEN, VERIFY);
    const text = fc.tuple(
      fc.string({ maxLength: 30 }),
      fc.constantFrom(...Object.values(FORMS)),
      fc.string({ maxLength: 30 }),
    );
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(TOKEN, VERIFY),
        fc.nat(40),
        fc.integer({ min: 12, max: 64 }),
        ([before, write, after], secret, from, length) => {
          const piece = secret.slice(Math.min(from, secret.length - 12)).slice(0, length);
          if (new Set(piece.toLowerCase()).size < 5 || piece.length < 12) return;
          const form = write(piece);
          // Twelve characters of a piece of twelve that is written in halves are no twelve any more.
          if (form.length < piece.length) return;
          const masked = gate.value(`${before} ${form} ${after}`);
          expect(masked.includes(form)).toBe(false);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('is found among ten thousand', () => {
    const gate = createSecretGate();
    let drawn = 1;
    const draw = () =>
      Array.from({ length: 64 }, () => {
        drawn = (drawn * 48_271) % 2_147_483_647;
        return 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'[drawn % 62];
      }).join('');
    const secrets = Array.from({ length: 10_000 }, draw);
    gate.know(...secrets);
    expect(gate.value(`bad ${secrets[7_777]?.slice(20, 40)} end`)).toBe('bad [secret] end');
    expect(gate.value('https://hooks.example.com/callbacks/orders/2026/production')).toBe(
      'https://hooks.example.com/callbacks/orders/2026/production',
    );
  });

  it('finds a private key by its lines', () => {
    const gate = createSecretGate();
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
    gate.know(`-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----\n`);
    expect(gate.text(`key ${line.slice(5, 30)} refused`)).toBe('key [secret] refused');
    expect(gate.text('-----BEGIN CERTIFICATE')).toBe('-----BEGIN CERTIFICATE');
  });
});

describe('a text in which nothing is secret', () => {
  it.each([
    'Invalid parameter: callback_url must be https',
    'app 7512345678901234567 not found, logid 20261129014725A1B2C3D4E5F60718293A',
    'see https://www.coze.cn/open/docs/developer_guides/callback_app_overview_and_more_of_it',
    '订单回调应用 已达上限 (max 100)',
    'createApiApp permission required, code 4101',
  ])('stays as it is: %s', (text) => {
    const gate = createSecretGate();
    gate.know(TOKEN, VERIFY);
    expect(gate.text(text)).toBe(text);
  });

  it('is masked where 40 characters in a row could be a key that we do not know', () => {
    const gate = createSecretGate();
    const unknown = 'Zk3vX9qLm2RtY7wBn5JcH8pDf1GsA4eUo6KiT0rM';
    expect(gate.text(`use ${unknown}.`)).toBe('use [secret].');
    expect(gate.text(`use ${unknown.slice(0, 39)}.`)).toContain(unknown.slice(0, 39));
    expect(gate.value(`https://hooks.example.com/?k=${unknown}`)).toContain(unknown);
    expect(gate.logid(unknown)).toBeUndefined();
  });

  it.each([
    '20261129014725A1B2C3D4E5F60718293A',
    '021736930283847fdbddc0200ff00000000000000000f1f6d1c3',
    'log-1',
  ])('is a log id when it has the shape of one: %s', (logid) => {
    expect(createSecretGate().logid(logid)).toBe(logid);
  });
});

describe('a reply', () => {
  const reply = (body: unknown, headers: Record<string, string> = {}): HttpReply => ({
    status: 200,
    headers,
    body: Buffer.from(JSON.stringify(body)),
  });

  it('cannot quote the token that it hands over itself, in a field, in msg or as its log id', () => {
    const gate = createSecretGate();
    const app = { id: '7', app_type: 'normal', name: `n ${VERIFY}`, verify_token: VERIFY };
    const body = {
      code: 0,
      msg: `made with ${VERIFY.slice(0, 20)}`,
      data: app,
      detail: { logid: VERIFY.slice(0, 20) },
    };
    const reading = readReply(reply(body, { 'x-tt-logid': VERIFY }), gate);
    expect(reading).toMatchObject({ msg: 'made with [secret]', data: { ...app, name: 'n [secret]' } });
    expect(reading).not.toHaveProperty('logid');
  });

  it('cannot quote a secret as the name of an encoding', () => {
    const gate = createSecretGate();
    gate.know(TOKEN);
    const reading = readReply(reply({}, { 'content-encoding': TOKEN }), gate);
    expect(JSON.stringify(reading)).not.toContain(TOKEN.slice(0, 12));
  });
});
