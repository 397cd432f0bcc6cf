/** Real servers on loopback that misbehave in every way a network can. */
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createHttpClient, type HttpClient } from './http-client.ts';
import { type HttpRequest, TransportError } from './http-transport.ts';

let transport: HttpClient;
let closers: (() => Promise<unknown>)[];

beforeEach(() => {
  transport = createHttpClient({ connectionsMax: 2 });
  closers = [];
});

afterEach(async () => {
  transport.close();
  for (const close of closers) await close();
});

/** A server that speaks bytes: `onRequest` is called for each request head that arrives. */
async function listenRaw(onRequest: (socket: net.Socket, nth: number) => void): Promise<string> {
  let requests = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => onRequest(socket, ++requests));
  });
  return listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listen(server: net.Server | Server, cut: () => void): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    cut();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1?x=1`;
}

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, headers: {}, timeoutMs: 2_000, bodyBytesMax: 1_000, ...more };
}

async function failureOf(url: string, more: Partial<HttpRequest> = {}, signal?: AbortSignal) {
  const error = await transport.send(request(url, more), signal).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TransportError);
  const { fate, reason, status } = error as TransportError;
  return { fate, reason, status };
}

const reply = (body: string, length = body.length) =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${body}`;

describe('the HTTP transport', () => {
  it('sends method, headers and body as they are, asks for no compression, and gives the reply whole', async () => {
    let seen = '';
    const server = createServer(async (incoming, response) => {
      for await (const chunk of incoming) seen += chunk;
      seen += ` ${incoming.method} ${incoming.url} ${incoming.headers['x-one']} ${incoming.headers['accept-encoding']}`;
      response.writeHead(201, { 'X-Tt-Logid': 'L1', 'set-cookie': ['a', 'b'] });
      response.write('{"a":');
      response.end('1}');
    });
    const url = await listen(server, () => server.closeAllConnections());
    const answer = await transport.send(
      request(url, { method: 'DELETE', headers: { 'x-one': '1' }, body: '{"name":"订单"}' }),
    );
    expect(seen).toBe('{"name":"订单"} DELETE /v1?x=1 1 undefined');
    expect(answer).toMatchObject({ status: 201, headers: { 'x-tt-logid': 'L1', 'set-cookie': 'a, b' } });
    expect(Buffer.from(answer.body).toString()).toBe('{"a":1}');
  });

  it('keeps one connection for requests in a row', async () => {
    const ports = new Set<number | undefined>();
    const server = createServer((incoming, response) => {
      ports.add(incoming.socket.remotePort);
      response.end('{}');
    });
    const url = await listen(server, () => server.closeAllConnections());
    for (let index = 0; index < 5; index += 1) await transport.send(request(url));
    expect(ports.size).toBe(1);
  });

  it('leaves nothing on a connection that many requests share', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const server = createServer((_incoming, response) => response.end('{}'));
    const url = await listen(server, () => server.closeAllConnections());
    // Node warns from the eleventh listener of one event on.
    for (let index = 0; index < 15; index += 1) await transport.send(request(url));
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  });

  it('gives a redirect back as a reply and does not follow it', async () => {
    let requests = 0;
    const server = createServer((_incoming, response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const url = await listen(server, () => server.closeAllConnections());
    expect((await transport.send(request(url))).status).toBe(302);
    expect(requests).toBe(1);
  });

  it('knows that a refused connection sent nothing', async () => {
    const server = net.createServer();
    const url = await listen(server, () => undefined);
    await closers.pop()?.();
    expect(await failureOf(url, { method: 'POST', body: '{}' })).toMatchObject({
      fate: 'not_sent',
      reason: 'ECONNREFUSED',
    });
  });

  it('knows that a failed TLS handshake sent nothing', async () => {
    const url = await listenRaw((socket) => socket.end('this is no TLS'));
    expect(await failureOf(url.replace('http:', 'https:'), { method: 'POST', body: '{}' })).toMatchObject({
      fate: 'not_sent',
    });
  });

  it('does not know what became of a request that got no reply in time', async () => {
    const url = await listenRaw(() => undefined);
    expect(await failureOf(url, { timeoutMs: 100 })).toMatchObject({
      fate: 'maybe_processed',
      reason: 'timeout',
    });
  });

  it('times out on a reply that drips, not only on silence', async () => {
    const url = await listenRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await failureOf(url, { timeoutMs: 150 })).toMatchObject({
      fate: 'truncated',
      reason: 'timeout',
      status: 200,
    });
  });

  it('does not know what became of a request that was answered by a reset', async () => {
    const url = await listenRaw((socket) => socket.resetAndDestroy());
    expect(await failureOf(url, { method: 'POST', body: '{}' })).toMatchObject({ fate: 'maybe_processed' });
  });

  it.each([
    { name: 'a content-length', head: reply('{"code":0', 500) },
    { name: 'chunks', head: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{"code":0\r\n' },
  ])('tells a reply cut short of $name from a whole one', async ({ head }) => {
    const url = await listenRaw((socket) => socket.end(head));
    expect(await failureOf(url)).toMatchObject({ fate: 'truncated', status: 200 });
  });

  it('reads no more of a reply than is allowed', async () => {
    const url = await listenRaw((socket) => socket.write(reply('x'.repeat(1_001))));
    expect(await failureOf(url)).toEqual({ fate: 'oversized', reason: 'more than 1000 bytes', status: 200 });
  });

  it('does not know what became of a request that was answered by something that is not HTTP', async () => {
    const url = await listenRaw((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    expect(await failureOf(url, { method: 'POST', body: '{}' })).toMatchObject({ fate: 'maybe_processed' });
  });

  it('repeats a GET once when the kept connection was closed under it, and a POST never', async () => {
    const url = await listenRaw((socket, nth) =>
      nth % 2 === 0 ? socket.resetAndDestroy() : socket.write(reply('{}')),
    );
    await transport.send(request(url));
    expect((await transport.send(request(url))).status).toBe(200);
    expect(await failureOf(url, { method: 'POST', body: '{}' })).toMatchObject({ fate: 'maybe_processed' });
  });

  it('never takes a request on a handed-over connection for unsent', async () => {
    const url = await listenRaw((socket, nth) => {
      if (nth === 1) setTimeout(() => socket.write(reply('{}')), 50);
      else socket.resetAndDestroy();
    });
    transport.close();
    transport = createHttpClient({ connectionsMax: 1 });
    const first = transport.send(request(url));
    const queued = failureOf(url, { method: 'POST', body: '{}' });
    await first;
    expect((await queued).fate).toBe('maybe_processed');
  });

  it('cuts the exchange when the caller stops, before or during it', async () => {
    const url = await listenRaw(() => controller.abort());
    const controller = new AbortController();
    expect((await failureOf(url, {}, AbortSignal.abort())).fate).toBe('aborted');
    expect((await failureOf(url, {}, controller.signal)).fate).toBe('aborted');
  });

  it('lets any number of exchanges share a signal without a warning of Node', async () => {
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on('warning', onWarning);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 16 }, () => failureOf('http://127.0.0.1:1/', {}, signal)));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});
