/** Through forward proxies: tunnels for https, forwarding for http, and every way in which a proxy fails. */

import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createSelfSigned } from '../../test/builders/certificate.ts';
import type { ForwardProxy } from './forward-proxy.ts';
import { createHttpClient, type HttpClientOptions } from './http-client.ts';
import { type HttpRequest, TransportError } from './http-transport.ts';
import { isPublicAddress } from './public-address.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const DAY_MS = 86_400_000;
const certificate = createSelfSigned({
  host: 'hooks.example.com',
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + DAY_MS),
});

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

/** Every name is on this host; `refuse` answers with this status, and nothing is passed on. */
async function startProxy({ refuse }: { refuse?: number } = {}) {
  const seen: { line: string; authorization: string | undefined; host: string | undefined }[] = [];
  const server = http.createServer();
  const note = ({ method, url, headers }: http.IncomingMessage) =>
    seen.push({
      line: `${method} ${url}`,
      authorization: headers['proxy-authorization'],
      host: headers.host,
    });
  server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    note(request);
    if (refuse !== undefined) return response.writeHead(refuse).end('refused');
    const { port, pathname } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = http.request({ host: '127.0.0.1', port, path: pathname, method: request.method, headers });
    onward.on('response', (reply) => reply.pipe(response.writeHead(reply.statusCode ?? 0)));
    return request.pipe(onward);
  });
  server.on('connect', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    note(request);
    socket.on('error', () => undefined);
    if (refuse !== undefined) return socket.end(`HTTP/1.1 ${refuse} Refused\r\n\r\n`);
    const onward = net.connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    return onward.on('error', () => socket.destroy());
  });
  const port = await listen(server);
  return { origin: `http://127.0.0.1:${port}`, seen };
}

function open(proxy: ForwardProxy, options: Partial<HttpClientOptions> = {}) {
  const client = createHttpClient({
    connectionsMax: 8,
    proxyFor: () => proxy,
    readAuthorities: async () => [certificate.cert],
    ...options,
  });
  closers.push(() => client.close());
  return client;
}

function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'POST', url, headers: {}, body: '{}', timeoutMs: 5_000, bodyBytesMax: 1_000, ...more };
}

async function failureOf(client: ReturnType<typeof open>, request: HttpRequest) {
  const error = await client.send(request).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TransportError);
  const { fate, reason, stage, proxy } = error as TransportError;
  return { fate, reason, stage, proxy };
}

const answer = (_: http.IncomingMessage, response: http.ServerResponse) => response.end('ok');

describe('a request through a proxy', () => {
  it('to https takes a tunnel, with the credentials, and keeps it', async () => {
    const target = await listen(https.createServer(certificate, answer));
    const { origin, seen } = await startProxy();
    const readCredentials = async () => ({ user: 'ops', password: 'p@ss:w%rd' });
    const client = open({ origin, readCredentials });
    for (let count = 0; count < 3; count += 1) {
      const reply = await client.send(post(`https://hooks.example.com:${target}/x`));
      expect(Buffer.from(reply.body).toString()).toBe('ok');
    }
    const authorization = `Basic ${Buffer.from('ops:p@ss:w%rd').toString('base64')}`;
    const host = `hooks.example.com:${target}`;
    expect(seen).toEqual([{ line: `CONNECT ${host}`, authorization, host }]);
  });

  it('to http is forwarded with its whole URL; the target never sees the credentials', async () => {
    const heads: http.IncomingHttpHeaders[] = [];
    const target = await listen(
      http.createServer((request, response) => {
        heads.push(request.headers);
        response.end('ok');
      }),
    );
    const { origin, seen } = await startProxy();
    const readCredentials = async () => ({ user: 'ops', password: 'secret' });
    const url = `http://hooks.example.com:${target}/x`;
    const reply = await open({ origin, readCredentials }).send(post(url));
    expect(reply.status).toBe(200);
    const host = `hooks.example.com:${target}`;
    const authorization = `Basic ${Buffer.from('ops:secret').toString('base64')}`;
    expect(seen).toEqual([{ line: `POST ${url}`, authorization, host }]);
    expect(heads[0]).toMatchObject({ host });
    expect(heads[0]).not.toHaveProperty('proxy-authorization');
  });

  it.each([403, 407, 502, 503])('is not sent where the proxy answers CONNECT with %i', async (refuse) => {
    const { origin } = await startProxy({ refuse });
    expect(await failureOf(open({ origin }), post('https://hooks.example.com/'))).toEqual({
      fate: 'not_sent',
      stage: 'proxy',
      reason: `HTTP ${refuse}`,
      proxy: origin,
    });
  });

  it('to http is not sent where the proxy wants credentials; another status is the reply', async () => {
    const refusing = await startProxy({ refuse: 407 });
    const url = 'http://hooks.example.com/';
    expect(await failureOf(open({ origin: refusing.origin }), post(url))).toMatchObject({
      fate: 'not_sent',
      stage: 'proxy',
      reason: 'HTTP 407',
    });
    const failing = await startProxy({ refuse: 502 });
    expect((await open({ origin: failing.origin }).send(post(url))).status).toBe(502);
  });

  it.each(['https', 'http'])('to %s is not sent where the proxy cannot be reached', async (scheme) => {
    const port = await listen(net.createServer());
    await closers.pop()?.();
    const origin = `http://127.0.0.1:${port}`;
    expect(await failureOf(open({ origin }), post(`${scheme}://hooks.example.com/`))).toEqual({
      fate: 'not_sent',
      stage: 'proxy',
      reason: 'ECONNREFUSED',
      proxy: origin,
    });
  });

  it('is not sent where the proxy is silent, hangs up, or speaks another protocol', async () => {
    const url = 'https://hooks.example.com/';
    const silent = await listen(net.createServer());
    const rude = await listen(net.createServer((socket) => socket.destroy()));
    const odd = await listen(net.createServer((socket) => socket.end('SSH-2.0-x\r\n')));
    const notSent = { fate: 'not_sent', stage: 'proxy' };
    const through = (port: number) => open({ origin: `http://127.0.0.1:${port}` });
    expect(await failureOf(through(silent), post(url, { timeoutMs: 100 }))).toMatchObject({
      ...notSent,
      reason: 'timeout',
    });
    expect(await failureOf(through(rude), post(url))).toMatchObject(notSent);
    expect(await failureOf(through(odd), post(url))).toMatchObject(notSent);
  });

  it.each(['https', 'http'])('to %s is not sent where the proxy does not prove itself', async (scheme) => {
    // Its certificate is for another name.
    const port = await listen(https.createServer(certificate));
    const origin = `https://127.0.0.1:${port}`;
    expect(await failureOf(open({ origin }), post(`${scheme}://hooks.example.com/`))).toEqual({
      fate: 'not_sent',
      stage: 'proxy',
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
      proxy: origin,
    });
  });

  it('is not sent where what is behind the tunnel does not prove itself', async () => {
    let requests = 0;
    const server = https.createServer(certificate, () => (requests += 1));
    const target = await listen(server);
    const { origin } = await startProxy();
    const client = open({ origin }, { readAuthorities: undefined });
    expect(await failureOf(client, post(`https://hooks.example.com:${target}/`))).toMatchObject({
      fate: 'not_sent',
      stage: 'tls',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    const dead = await listen(net.createServer((socket) => socket.destroy()));
    expect(await failureOf(open({ origin }), post(`https://hooks.example.com:${dead}/`))).toMatchObject({
      fate: 'not_sent',
      stage: 'tls',
    });
    expect(requests).toBe(0);
  });

  it('that breaks behind the tunnel may have been processed', async () => {
    const server = https.createServer(certificate, (request) => request.socket.destroy());
    const { origin } = await startProxy();
    const url = `https://hooks.example.com:${await listen(server)}/`;
    expect(await failureOf(open({ origin }), post(url))).toMatchObject({
      fate: 'maybe_processed',
      stage: 'http',
    });
  });

  it('judges addresses in URLs; names are the proxy’s', async () => {
    const target = await listen(https.createServer(certificate, answer));
    const { origin, seen } = await startProxy();
    const client = open({ origin }, { isAddressAllowed: isPublicAddress });
    expect(await failureOf(client, post(`https://127.0.0.1:${target}/`))).toMatchObject({
      stage: 'address',
      fate: 'not_sent',
    });
    expect(seen).toEqual([]);
    expect((await client.send(post(`https://hooks.example.com:${target}/`))).status).toBe(200);
  });

  it('is not sent where the credentials or the authorities cannot be read', async () => {
    const missing = async () => {
      throw new Error('/etc/callbackd/proxy: missing');
    };
    const { origin, seen } = await startProxy();
    const url = 'https://hooks.example.com/';
    expect(await failureOf(open({ origin, readCredentials: missing }), post(url))).toMatchObject({
      fate: 'not_sent',
      stage: 'proxy',
      reason: '/etc/callbackd/proxy: missing',
    });
    expect(await failureOf(open({ origin }, { readAuthorities: missing }), post(url))).toMatchObject({
      fate: 'not_sent',
      stage: 'tls',
    });
    expect(seen).toEqual([]);
  });

  it('uses new credentials and new authorities for the next request', async () => {
    const target = await listen(https.createServer(certificate, answer));
    const { origin, seen } = await startProxy();
    let password = 'old';
    let authorities: string[] = [];
    const client = open(
      { origin, readCredentials: async () => ({ user: 'ops', password }) },
      { readAuthorities: async () => authorities },
    );
    const url = `https://hooks.example.com:${target}/`;
    expect(await failureOf(client, post(url))).toMatchObject({ stage: 'tls' });
    authorities = [certificate.cert];
    password = 'new';
    expect((await client.send(post(url))).status).toBe(200);
    const sent = seen.map(({ authorization }) => authorization?.split(' ')[1] ?? '');
    expect(sent.map((text) => Buffer.from(text, 'base64').toString())).toEqual(['ops:old', 'ops:new']);
  });
});
