/**
 * The network edge: names that resolve to nothing good, sockets that fail at once, TLS of every wrong kind,
 * resets anywhere.
 */

import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createSelfSigned } from '../../test/builders/certificate.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions, type Lookup } from './http-client.ts';
import { type HttpRequest, TransportError } from './http-transport.ts';
import { isPublicAddress } from './public-address.ts';
import { requestOverSocket } from './unix-socket.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = createHttpClient({ connectionsMax: 8, ...options });
  closers.push(() => client.close());
  return client;
}

async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'POST', url, headers: {}, body: '{}', timeoutMs: 5_000, bodyBytesMax: 1_000, ...more };
}

/** The failure as a value; it must not end the process. */
async function failureOf(client: HttpClient, request: HttpRequest) {
  const error = await client.send(request).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TransportError);
  const { fate, reason, stage } = error as TransportError;
  return { fate, reason, stage };
}

/** Answers before it returns, as a cache would. */
const answerAtOnce =
  (...addresses: string[]): Lookup =>
  (_host, _options, answer) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: net.isIP(address) })),
    );

describe('a name', () => {
  it.each([
    ['one IPv4 address that cannot be routed', ['255.255.255.255']],
    ['one IPv6 address that cannot be routed', ['ff02::1']],
    ['several of both', ['ff02::1', '255.255.255.255', 'ff02::2']],
  ])('that resolves at once to %s fails the request and nothing else', async (_, addresses) => {
    for (const keepAlive of [true, false]) {
      const client = open({ keepAlive, lookup: answerAtOnce(...addresses) });
      for (const url of ['http://hooks.example.com/', 'https://hooks.example.com/']) {
        const { fate, stage } = await failureOf(client, post(url));
        expect({ fate, stage }).toEqual({ fate: 'not_sent', stage: 'tcp' });
      }
    }
  });

  it('that resolves to a dead and a living address is served by the living one', async () => {
    const port = await listen(http.createServer((_, response) => response.end('ok')));
    const client = open({ lookup: answerAtOnce('ff02::1', '127.0.0.1') });
    expect((await client.send(post(`http://hooks.example.com:${port}/`))).status).toBe(200);
  });

  it('that resolves to nothing, fails to resolve, or never does, is told apart by its reason', async () => {
    const url = 'http://hooks.example.com/';
    const failing: Lookup = (_host, _options, answer) =>
      answer(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' }), []);
    const throwing: Lookup = () => {
      throw Object.assign(new Error('bad name'), { code: 'EINVAL' });
    };
    const unresolved = { fate: 'not_sent', stage: 'dns' };
    const never = open({ lookup: () => undefined });
    expect(await failureOf(open({ lookup: answerAtOnce() }), post(url))).toEqual({
      ...unresolved,
      reason: 'no address',
    });
    expect(await failureOf(open({ lookup: failing }), post(url))).toEqual({
      ...unresolved,
      reason: 'EAI_AGAIN',
    });
    expect(await failureOf(open({ lookup: throwing }), post(url))).toEqual({
      ...unresolved,
      reason: 'EINVAL',
    });
    expect(await failureOf(never, post(url, { resolveTimeoutMs: 50 }))).toEqual({
      ...unresolved,
      reason: 'timeout',
    });
    expect(await failureOf(never, post(url, { timeoutMs: 50 }))).toEqual({
      ...unresolved,
      reason: 'timeout',
    });
  });

  it('has its own time to resolve; that of the exchange begins afterwards', async () => {
    const port = await listen(http.createServer((_, response) => response.end('ok')));
    const late: Lookup = (_host, _options, answer) => {
      setTimeout(() => answer(null, [{ address: '127.0.0.1', family: 4 }]), 300);
    };
    const request = post(`http://hooks.example.com:${port}/`, { timeoutMs: 250, resolveTimeoutMs: 2_000 });
    expect((await open({ lookup: late }).send(request)).status).toBe(200);
  });

  it('that answers after the request was given up changes nothing', async () => {
    let answerLate: (() => void) | undefined;
    const lookup: Lookup = (_host, _options, answer) => {
      answerLate = () => answer(null, [{ address: 'ff02::1', family: 6 }]);
    };
    expect(
      await failureOf(open({ lookup }), post('http://hooks.example.com/', { timeoutMs: 20 })),
    ).toMatchObject({
      reason: 'timeout',
    });
    answerLate?.();
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('an address that is not allowed', () => {
  it('is never connected to, however it is named and whatever stands beside it', async () => {
    let connections = 0;
    const port = await listen(net.createServer(() => (connections += 1)));
    const guarded = (lookup?: Lookup) =>
      open({ isAddressAllowed: isPublicAddress, ...(lookup === undefined ? {} : { lookup }) });
    const mixed = guarded(answerAtOnce('93.184.215.14', '127.0.0.1'));
    expect(await failureOf(mixed, post(`http://hooks.example.com:${port}/`))).toEqual({
      fate: 'not_sent',
      stage: 'address',
      reason: '127.0.0.1',
    });
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433']) {
      const failure = await failureOf(guarded(), post(`http://${host}:${port}/`));
      expect(failure, host).toMatchObject({ fate: 'not_sent', stage: 'address' });
    }
    expect(connections).toBe(0);
  });

  it('cannot be slipped in between the check and the connection', async () => {
    const port = await listen(http.createServer((_, response) => response.end('inside')));
    let asked = 0;
    const rebinding: Lookup = (_host, _options, answer) => {
      asked += 1;
      answer(null, [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]);
    };
    const client = open({ lookup: rebinding, isAddressAllowed: (address) => address === '127.0.0.1' });
    expect((await client.send(post(`http://hooks.example.com:${port}/`))).status).toBe(200);
    expect(asked).toBe(1);
  });
});

describe('TLS', () => {
  const DAY_MS = 86_400_000;
  const now = Date.now();
  const day = (days: number) => new Date(now + days * DAY_MS);
  const valid = createSelfSigned({ host: 'hooks.example.com', notBefore: day(-1), notAfter: day(1) });
  const expired = createSelfSigned({ host: 'hooks.example.com', notBefore: day(-9), notAfter: day(-1) });
  const unborn = createSelfSigned({ host: 'hooks.example.com', notBefore: day(1), notAfter: day(9) });
  const other = createSelfSigned({ host: 'other.example.com', notBefore: day(-1), notAfter: day(1) });

  const trusting = (ca: string) => async () => [ca];
  const lookup = answerAtOnce('127.0.0.1');

  it('is spoken with who shows a certificate of an authority that is trusted', async () => {
    const port = await listen(https.createServer(valid, (_, response) => response.end('ok')));
    const client = open({ lookup, readAuthorities: trusting(valid.cert) });
    for (let count = 0; count < 3; count += 1) {
      expect((await client.send(post(`https://hooks.example.com:${port}/`))).status).toBe(200);
    }
  });

  it.each([
    ['is signed by nobody known', valid, undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['has expired', expired, expired.cert, 'CERT_HAS_EXPIRED'],
    ['is not valid yet', unborn, unborn.cert, 'CERT_NOT_YET_VALID'],
    ['is for another host', other, other.cert, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('is refused, and nothing sent, where the certificate %s', async (_, certificate, ca, reason) => {
    let requests = 0;
    const port = await listen(https.createServer(certificate, () => (requests += 1)));
    const client = open({ lookup, ...(ca === undefined ? {} : { readAuthorities: trusting(ca) }) });
    expect(await failureOf(client, post(`https://hooks.example.com:${port}/`))).toEqual({
      fate: 'not_sent',
      stage: 'tls',
      reason,
    });
    expect(requests).toBe(0);
  });

  it('is refused where the other side speaks plain HTTP, hangs up or is silent', async () => {
    const plain = await listen(http.createServer((_, response) => response.end('plain')));
    const rude = await listen(net.createServer((socket) => socket.destroy()));
    const silent = await listen(net.createServer());
    const tlsFailure = { fate: 'not_sent', stage: 'tls' };
    const client = open();
    expect(await failureOf(client, post(`https://127.0.0.1:${plain}/`))).toMatchObject(tlsFailure);
    expect(await failureOf(client, post(`https://127.0.0.1:${rude}/`))).toMatchObject(tlsFailure);
    expect(await failureOf(client, post(`https://127.0.0.1:${silent}/`, { timeoutMs: 100 }))).toMatchObject({
      ...tlsFailure,
      reason: 'timeout',
    });
  });

  it('that the server cuts after the handshake leaves open what became of the request', async () => {
    const server = tls.createServer(valid, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.destroy());
    });
    const port = await listen(server);
    const client = open({ lookup, readAuthorities: trusting(valid.cert) });
    expect(await failureOf(client, post(`https://hooks.example.com:${port}/`))).toMatchObject({
      fate: 'maybe_processed',
      stage: 'http',
    });
  });
});

describe('a connection', () => {
  const REPLY = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\nbody';

  it.each(['reset', 'end'] as const)(
    'that breaks by %s after any byte of the reply never passes for unsent or whole',
    async (how) => {
      let upTo = 0;
      const port = await listen(
        net.createServer((socket) => {
          socket.on('error', () => undefined);
          const stop = () => {
            if (how === 'reset') socket.resetAndDestroy();
            else socket.end();
          };
          socket.once('data', () => {
            if (upTo === 0) stop();
            else socket.write(REPLY.slice(0, upTo), stop);
          });
        }),
      );
      const client = open({ keepAlive: false });
      const headLength = REPLY.indexOf('body');
      for (upTo = 0; upTo < REPLY.length; upTo += 1) {
        const { fate, stage } = await failureOf(client, post(`http://127.0.0.1:${port}/`));
        expect(stage, `${upTo}`).toBe('http');
        // A reset can overtake what was written before it.
        const fates = upTo < headLength ? ['maybe_processed'] : ['truncated', 'maybe_processed'];
        expect(fates, `${upTo}`).toContain(fate);
        if (how === 'end' && upTo >= headLength) expect(fate, `${upTo}`).toBe('truncated');
      }
    },
  );

  it.each([
    'http://127.0.0.1:0/',
    'http://255.255.255.255/',
    'http://[ff02::1]/',
    'http://[fe80::1]/',
    'http://0.0.0.0:1/',
    'https://255.255.255.255/',
  ])('to %s fails the request and nothing else', async (url) => {
    const { fate, stage } = await failureOf(open(), post(url, { timeoutMs: 500 }));
    expect({ fate, stage }).toEqual({ fate: 'not_sent', stage: 'tcp' });
  });

  it.each([
    ['a header that cannot be sent', { headers: { 'x-a': 'b\nc' } }],
    ['a URL that is none', { url: 'http://' }],
    ['another scheme', { url: 'ftp://127.0.0.1/' }],
  ])('is not even opened for %s', async (_, more) => {
    expect(await failureOf(open(), post('http://127.0.0.1:1/', more))).toMatchObject({ fate: 'not_sent' });
  });

  it.each([
    ['/nowhere/callbackd.sock', /ENOENT/],
    ['/etc/passwd', /ECONNREFUSED|EACCES/],
    [`/${'x'.repeat(300)}`, /ENOENT|EINVAL|ENAMETOOLONG/],
  ])('over the Unix socket %s fails with the word of the system', async (path, code) => {
    const request = requestOverSocket(path, { method: 'GET', path: '/' }, AbortSignal.timeout(5_000));
    await expect(request).rejects.toMatchObject({ code: expect.stringMatching(code) });
  });
});
