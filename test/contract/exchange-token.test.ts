import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/lib/virtual-clock.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { seededRandom } from '../builders/call-sandbox.ts';
import { createTokenExchange } from './exchange-token.ts';

const NOW = Date.UTC(2026, 0, 15);
const SECONDS = NOW / 1000;
const PATH = '/api/permission/oauth2/token';

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let publicKey: string;
let sandbox: Sandbox;

beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true });
  publicKey = await exportSPKI(keys.publicKey);
});

beforeEach(() => {
  const random = seededRandom(1);
  const client = { clientId: 'app-1', keyId: 'fingerprint', publicKey, account: 'main' };
  const exchangeToken = createTokenExchange({ clients: [client], audiences: ['api.coze.cn'], random });
  sandbox = createSandbox({ clock: createVirtualClock(NOW), random }, { exchangeToken });
});

interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly iat?: number;
  readonly exp?: number;
  readonly jti?: string;
}

async function sign(
  { iss = 'app-1', aud = 'api.coze.cn', iat = SECONDS, exp = SECONDS + 600, jti = 'j1' }: Claims,
  kid = 'fingerprint',
) {
  return new SignJWT({ jti })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(iss)
    .setAudience(aud)
    .setIssuedAt(iat)
    .setExpirationTime(exp)
    .sign(keys.privateKey);
}

async function exchange(jwt: string, body: object = {}, path = PATH) {
  const wish = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', ...body };
  const result = await sandbox.handle({
    method: 'POST',
    path,
    query: '',
    headers: { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  });
  if (typeof result === 'string') throw new Error(result);
  return { status: result.status, json: JSON.parse(result.body) };
}

it('gives an access token that works until the instant it names', async () => {
  const { status, json } = await exchange(await sign({}), { duration_seconds: 1200 });
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: expect.stringMatching(/^czs_/),
    expires_in: SECONDS + 1200,
    token_type: 'Bearer',
  });
  const headers = { authorization: `Bearer ${json.access_token}` };
  expect(
    await sandbox.handle({ method: 'GET', path: '/v1/api_apps', query: '', headers, body: '' }),
  ).toMatchObject({
    status: 200,
  });
});

it('takes each jti once', async () => {
  const jwt = await sign({});
  expect((await exchange(jwt)).status).toBe(200);
  expect(await exchange(jwt)).toMatchObject({ status: 400, json: { error_code: 'invalid_request' } });
  expect((await exchange(await sign({ jti: 'j2' }))).status).toBe(200);
});

it.each([
  ['another audience', { aud: 'api.coze.com' }],
  ['an audience with a scheme', { aud: 'https://api.coze.cn' }],
  ['another issuer', { iss: 'app-2' }],
  ['an expired JWT', { exp: SECONDS - 1 }],
  ['a JWT from the future', { iat: SECONDS + 61 }],
])('refuses %s', async (_reason, claims) => {
  expect(await exchange(await sign(claims))).toMatchObject({
    status: 401,
    json: { error_code: 'invalid_client', error_message: expect.any(String) },
  });
});

it('refuses an audience with a scheme even where any host is fine', async () => {
  const client = { clientId: 'app-1', keyId: 'fingerprint', publicKey, account: 'main' };
  const exchangeToken = createTokenExchange({ clients: [client], random: seededRandom(1) });
  sandbox = createSandbox({ clock: createVirtualClock(NOW), random: seededRandom(1) }, { exchangeToken });
  expect((await exchange(await sign({ aud: 'https://127.0.0.1:9650' }))).status).toBe(401);
  expect((await exchange(await sign({ aud: '127.0.0.1:9650' }))).status).toBe(200);
});

it('refuses an unknown key, a foreign signature and nonsense', async () => {
  expect(await exchange(await sign({}, 'other'))).toMatchObject({ json: { error_code: 'invalid_client' } });
  const signed = await sign({});
  expect(await exchange(`${signed.slice(0, -8)}AAAAAAAA`)).toMatchObject({
    json: { error_code: 'invalid_client' },
  });
  expect(await exchange('nonsense')).toMatchObject({ json: { error_code: 'invalid_client' } });
});

it('refuses another grant type, a duration out of range and the route of another holder', async () => {
  expect(await exchange(await sign({}), { grant_type: 'password' })).toMatchObject({
    json: { error_code: 'unsupported_grant_type' },
  });
  expect(await exchange(await sign({}), { duration_seconds: 86_400 })).toMatchObject({
    json: { error_code: 'invalid_request' },
  });
  const path = '/api/permission/oauth2/account/42/token';
  expect(await exchange(await sign({}), {}, path)).toMatchObject({ json: { error_code: 'access_deny' } });
});
