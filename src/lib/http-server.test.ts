/** Clients that do not speak, or do not read. */
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServer, type HttpServerOptions, startHttpServer } from './http-server.ts';

const MIB = 1024 * 1024;
const LONG = Buffer.alloc(13 * MIB, 'x');

let servers: HttpServer[] = [];
let sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.map((server) => server.close()));
  [servers, sockets] = [[], []];
});

/** `/long` answers 13 MiB, `/never` is not answered, everything else is short. */
async function start(options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const server = await startHttpServer(
    ({ path }) =>
      path === '/never'
        ? new Promise(() => {})
        : Promise.resolve({ status: 200, headers: {}, body: path === '/long' ? LONG : 'short' }),
    {
      listen: { host: '127.0.0.1', port: 0 },
      bodyBytesMax: 64,
      connectionsMax: 8,
      onError: (error) => expect.unreachable(String(error)),
      ...options,
    },
  );
  servers.push(server);
  return server;
}

/** Asks and reads nothing. */
async function askUnread({ port }: HttpServer, target: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.pause();
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}

async function ask({ port }: HttpServer, target: string): Promise<Response> {
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, { headers: { connection: 'close' } });
  await answer.arrayBuffer();
  return answer;
}

/** In milliseconds, until the other side ends or resets the connection. */
async function timeToClose(socket: Socket): Promise<number> {
  const startedAt = performance.now();
  await new Promise((resolve) => {
    socket.on('error', () => {}).once('close', resolve);
    socket.resume();
  });
  return performance.now() - startedAt;
}

describe('a client that reads nothing', () => {
  it('is left after its time, even without others', async () => {
    const server = await start({ stallMsMax: 200 });
    const socket = await askUnread(server, '/long');
    let received = 0;
    await new Promise((resolve) => setTimeout(resolve, 600));
    socket.on('data', (data) => {
      received += data.length;
    });
    await timeToClose(socket);
    expect(received).toBeLessThan(LONG.length);
  });

  it('gives way to newer ones, however many they are', async () => {
    const server = await start();
    for (let count = 0; count < 24; count += 1) {
      await askUnread(server, count % 2 === 0 ? '/long' : '/never');
      expect((await ask(server, '/')).status).toBe(200);
    }
  });

  it('does not keep the server from closing', async () => {
    const server = await start();
    await askUnread(server, '/long');
    await ask(server, '/');
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('shares what may wait in memory; short answers always pass', async () => {
    const server = await start({ connectionsMax: 32 });
    for (let count = 0; count < 4; count += 1) await askUnread(server, '/long');
    await expect.poll(async () => (await ask(server, '/long')).status).toBe(503);
    expect((await ask(server, '/')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await ask(server, '/long')).status).toBe(200);
  });
});

it('closes a connection that says nothing, or never ends what it says, within seconds', async () => {
  const server = await start();
  const silent = connect(server.port, '127.0.0.1');
  const slow = connect(server.port, '127.0.0.1');
  sockets.push(silent, slow);
  slow.write('GET / HTTP/1.1\r\nHost: loc');
  const [silentMs, slowMs] = await Promise.all([timeToClose(silent), timeToClose(slow)]);
  expect(Math.max(silentMs, slowMs)).toBeLessThan(9_000);
});

it('lets those give way first that nobody works for', async () => {
  const server = await start({ connectionsMax: 3 });
  const served = await askUnread(server, '/never');
  const idle = connect(server.port, '127.0.0.1');
  sockets.push(idle);
  await new Promise((resolve) => idle.once('connect', resolve));
  await ask(server, '/');
  await askUnread(server, '/never');
  await askUnread(server, '/never');
  await timeToClose(idle);
  expect(served.closed).toBe(false);
});

it('does not report a client that goes away in the middle of its request', async () => {
  const errors: unknown[] = [];
  const server = await start({ onError: (error) => errors.push(error) });
  for (let count = 0; count < 5; count += 1) {
    const socket = connect(server.port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\nhalf');
    await expect.poll(async () => (await ask(server, '/')).status).toBe(200);
    socket.resetAndDestroy();
  }
  expect((await ask(server, '/')).status).toBe(200);
  expect(errors).toEqual([]);
});
