/** The client's OAuth flow and the sandbox's token endpoint, each strict about the other. */

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { hostFiles } from '../../src/lib/file-reader.ts';
import { say } from '../../src/messages/say.ts';
import { createPlatform } from '../../src/platform/create-platform.ts';
import { createSecretGate } from '../../src/platform/secret-gate.ts';
import { createTokenFromJwt } from '../../src/platform/token-jwt.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { seededRandom } from '../builders/call-sandbox.ts';
import { createTokenExchange } from './exchange-token.ts';
import { createInProcessTransport } from './in-process-transport.ts';

const HOST = 'sandbox.example';
const AUTH = { kind: 'jwt', clientId: 'app-1', keyId: 'fingerprint' } as const;
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'callbackd-token-'));
  writeFileSync(path.join(folder, 'key.pem'), privateKey, { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function open({ clockSkewMs = 0, holderId }: { clockSkewMs?: number; holderId?: string } = {}) {
  const random = seededRandom(21);
  const client = { ...AUTH, publicKey, account: 'main', ...(holderId === undefined ? {} : { holderId }) };
  const exchangeToken = createTokenExchange({ clients: [client], audiences: [HOST], random });
  const sandbox = createSandbox({ clock: systemClock, random }, { exchangeToken, switches: { clockSkewMs } });
  const transport = createInProcessTransport(sandbox, systemClock);
  const warnings: string[] = [];
  const shared = {
    transport,
    clock: systemClock,
    random,
    userAgent: 'callbackd-contract',
    gate: createSecretGate(),
    onCall: () => {},
  };
  const baseUrl = `https://${HOST}`;
  const tokens = createTokenFromJwt({
    ...shared,
    auth: {
      ...AUTH,
      privateKeyFile: path.join(folder, 'key.pem'),
      ...(holderId === undefined ? {} : { accountId: holderId }),
    },
    baseUrl,
    timeoutMs: 5000,
    files: hostFiles,
    newJti: randomUUID,
    onWarning: (warning) => warnings.push(say(warning)),
  });
  const settings = { baseUrl, timeoutMs: 5000, concurrency: 4, maxRequestsPerSecond: 1000 };
  return { sandbox, warnings, platform: createPlatform({ ...shared, settings, tokens }) };
}

const context = { signal: new AbortController().signal };
const exchanges = (sandbox: ReturnType<typeof open>['sandbox']) =>
  sandbox.records.list().filter((record) => record.operation === 'exchange_token').length;

it('exchanges one assertion for a token that serves many calls', async () => {
  const { sandbox, platform, warnings } = open();
  await Promise.all(Array.from({ length: 10 }, () => platform.listApps('', context)));
  expect(exchanges(sandbox)).toBe(1);
  expect(sandbox.records.list().filter((record) => record.result === 200)).toHaveLength(11);
  expect(warnings).toEqual([]);
});

it('takes the route of the account it is told', async () => {
  const { platform } = open({ holderId: '7400000000000000001' });
  expect(await platform.listApps('', context)).toMatchObject({ items: [], hasMore: false });
});

it.each([
  ['behind', 3_600_000],
  ['ahead of', -3_600_000],
])('copes with a host clock that is an hour %s the platform, and says so', async (direction, clockSkewMs) => {
  const { sandbox, platform, warnings } = open({ clockSkewMs });
  expect(await platform.listApps('', context)).toMatchObject({ hasMore: false });
  expect(exchanges(sandbox)).toBe(2);
  expect(warnings).toEqual([expect.stringContaining(direction)]);
});
