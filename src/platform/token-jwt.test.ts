/** The JWT flow against a platform in memory that verifies every assertion as the real one would. */

import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { type HttpReply, type HttpRequest, TransportError } from '../lib/http-transport.ts';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { say } from '../messages/say.ts';
import type { CallReport } from '../model/calls.ts';
import { CredentialsError } from '../model/credentials.ts';
import { createSecretGate } from './secret-gate.ts';
import { createTokenFromJwt } from './token-jwt.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' });
const START = Date.parse('2026-03-01T12:00:00Z');
const AUTH = { kind: 'jwt', clientId: 'app-1', keyId: 'key-1', privateKeyFile: '/keys/coze.pem' } as const;

function createWorld({ skewMs = 0, pem = String(PEM) } = {}) {
  const clock = createVirtualClock(START);
  const world = {
    clock,
    exchanges: 0,
    jtis: new Set<string>(),
    urls: [] as string[],
    warnings: [] as string[],
    reports: [] as CallReport[],
    /** Answers instead of the platform while it holds something. */
    script: [] as (() => HttpReply)[],
  };

  async function answer(request: HttpRequest): Promise<HttpReply> {
    world.exchanges += 1;
    world.urls.push(request.url);
    const scripted = world.script.shift();
    if (scripted !== undefined) return scripted();
    const serverNow = clock.now() + skewMs;
    const reply = (status: number, body: unknown) => ({
      status,
      headers: { date: new Date(serverNow).toUTCString(), 'x-tt-logid': `log-${world.exchanges}` },
      body: Buffer.from(JSON.stringify(body)),
    });
    const jwt = request.headers['authorization']?.replace(/^Bearer /, '') ?? '';
    const verified = await jwtVerify(jwt, publicKey, {
      algorithms: ['RS256'],
      audience: 'api.coze.cn',
      issuer: 'app-1',
      currentDate: new Date(serverNow),
    }).catch(() => undefined);
    const jti = verified?.payload.jti;
    const isFuture = (verified?.payload.iat ?? 0) * 1_000 > serverNow + 1_000;
    if (verified === undefined || jti === undefined || world.jtis.has(jti) || isFuture) {
      return reply(400, { error_code: 'invalid_client', error_message: 'verify jwt error' });
    }
    world.jtis.add(jti);
    expect(verified.protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
    const { duration_seconds: seconds } = JSON.parse(request.body ?? '{}');
    const expiresIn = Math.floor(serverNow / 1_000) + seconds;
    return reply(200, {
      access_token: `czs_${world.exchanges}`,
      expires_in: expiresIn,
      token_type: 'Bearer',
    });
  }

  const open = (auth: Parameters<typeof createTokenFromJwt>[0]['auth'] = AUTH) => {
    let jti = 0;
    return createTokenFromJwt({
      auth,
      baseUrl: 'https://api.coze.cn',
      timeoutMs: 1_000,
      transport: { send: answer },
      files: {
        read: async () => ({ ok: true, bytes: Buffer.from(pem) }),
        list: async () => undefined,
        identify: async () => undefined,
      },
      clock,
      random: () => 0,
      newJti: () => `jti-${++jti}`,
      userAgent: 'callbackd/test',
      gate: createSecretGate(),
      onCall: (report) => world.reports.push(report),
      onWarning: (warning) => world.warnings.push(say(warning)),
    });
  };
  const passTime = async (ms: number) => {
    let isOver = false;
    clock.after(ms, () => {
      isOver = true;
    });
    await clock.run(() => isOver);
  };
  return { world, open, passTime };
}

describe('a token by the JWT flow', () => {
  it('is exchanged once for all who wait for it, and kept until shortly before its end', async () => {
    const { world, open, passTime } = createWorld();
    const tokens = open();
    const waiting = await Promise.all([tokens.current(), tokens.current(), tokens.current()]);
    expect(waiting.map((token) => token.reveal())).toEqual(['czs_1', 'czs_1', 'czs_1']);
    await passTime(3_600_000 - 31_000);
    expect((await tokens.current()).reveal()).toBe('czs_1');
    await passTime(2_000);
    expect((await tokens.current()).reveal()).toBe('czs_2');
    expect(world.exchanges).toBe(2);
    expect(world.reports).toMatchObject([
      { operation: 'exchange_token', status: 200, logid: 'log-1', attempt: 1 },
      { operation: 'exchange_token', status: 200, logid: 'log-2' },
    ]);
  });

  it.each([
    { name: 'ahead of', skewMs: -400_000, word: '400 s ahead of' },
    { name: 'behind', skewMs: 900_000, word: '900 s behind' },
  ])('allows for a clock that is $name the platform’s, and says so once', async ({ skewMs, word }) => {
    const { world, open, passTime } = createWorld({ skewMs });
    const tokens = open();
    expect((await tokens.current()).reveal()).toBe('czs_2');
    expect(world.warnings).toEqual([
      `the clock of this host is ${word} the platform; callbackd compensates for it`,
    ]);
    await passTime(3_500_000);
    expect((await tokens.current()).reveal()).toBe('czs_2');
    await passTime(100_000);
    expect((await tokens.current()).reveal()).toBe('czs_3');
    expect(world.warnings).toHaveLength(1);
  });

  it('is renewed after a refusal, unless it is brand new', async () => {
    const { world, open, passTime } = createWorld();
    const tokens = open();
    const first = await tokens.current();
    expect(await tokens.renew(first)).toBe(false);
    await passTime(61_000);
    expect(await Promise.all([tokens.renew(first), tokens.renew(first)])).toEqual([true, true]);
    expect(world.exchanges).toBe(2);
    expect(await tokens.renew(first)).toBe(true);
    expect(world.exchanges).toBe(2);
  });

  it('is asked for again, with a new jti, when the exchange broke', async () => {
    const { world, open } = createWorld();
    world.script = [
      () => {
        throw new TransportError('maybe_processed', 'timeout');
      },
      () => ({ status: 503, headers: {}, body: Buffer.from('<html>') }),
    ];
    expect((await open().current()).reveal()).toBe('czs_3');
    expect([...world.jtis]).toEqual(['jti-3']);
    expect(world.reports.map((report) => report.failure)).toEqual(['transient', 'transient', undefined]);
  });

  it('is refused permanently with the reason named and nothing secret shown', async () => {
    const { world, open } = createWorld();
    const refuse = { status: 400, headers: {}, body: Buffer.from('{"error_code":"access_deny"}') };
    world.script = [() => refuse];
    const error = await open()
      .current()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CredentialsError);
    expect((error as CredentialsError).message).toBe('the platform rejected the JWT (HTTP 400, access_deny)');
    expect(world.exchanges).toBe(1);
  });

  it.each([
    { pem: 'not a key', message: 'the private key file /keys/coze.pem does not contain a private key' },
    {
      pem: String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
      message: 'the private key file /keys/coze.pem does not contain an RSA key',
    },
  ])('refuses a key file: $message', async ({ pem, message }) => {
    const { world, open } = createWorld({ pem });
    await expect(open().current()).rejects.toThrow(message);
    expect(world.exchanges).toBe(0);
  });

  it('takes the older PKCS#1 form of the key too', async () => {
    const { open } = createWorld({ pem: String(privateKey.export({ type: 'pkcs1', format: 'pem' })) });
    expect((await open().current()).reveal()).toBe('czs_1');
  });

  it.each([
    { ids: {}, path: '/api/permission/oauth2/token' },
    { ids: { accountId: '42' }, path: '/api/permission/oauth2/account/42/token' },
    { ids: { enterpriseId: 'e/1' }, path: '/api/permission/oauth2/enterprise_id/e%2F1/token' },
  ])('asks at $path', async ({ ids, path }) => {
    const { world, open } = createWorld();
    await open({ ...AUTH, ...ids }).current();
    expect(world.urls).toEqual([`https://api.coze.cn${path}`]);
  });
});
