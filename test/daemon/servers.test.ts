/** The control socket and the status server over real sockets: what they answer, and what they refuse. */
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createControlClient, DaemonUnreachableError } from '../../src/daemon/control-client.ts';
import type { ControlResult, DaemonControl } from '../../src/daemon/daemon-control.ts';
import type { DaemonStatus } from '../../src/daemon/daemon-status.ts';
import type { DaemonServer } from '../../src/daemon/run-daemon.ts';
import { type ServerSettings, type StartServersDeps, startServers } from '../../src/daemon/start-servers.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { requestOverSocket, SocketPathError } from '../../src/lib/unix-socket.ts';
import { verbatim } from '../../src/messages/message.ts';

let folder: string;
let servers: DaemonServer[] = [];
let socketPath: string;
let errors: unknown[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'callbackd-servers-'));
  socketPath = path.join(folder, 'run', 'control.sock');
  servers = [];
  errors = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

const STATUS = {
  sentence: 'all is well',
  healthy: { ok: true, reason: 'the main loop is running' },
  ready: { ok: false, reason: 'the first round is still running' },
} as DaemonStatus;

/** A control that notes what it was asked. */
function createControl(asked: unknown[] = []): DaemonControl {
  const note = (...parameters: unknown[]): Promise<ControlResult> => {
    asked.push(parameters);
    return Promise.resolve({ ok: true, message: verbatim('done') });
  };
  return {
    status: () => STATUS,
    reconcile: (by, options) => note('reconcile', by, options),
    approve: async (subject, by) =>
      subject === 'nobody' ? { ok: false, message: verbatim('no such key') } : note('approve', subject, by),
    pause: (request, by) => note('pause', request, by),
    resume: (key, by) => note('resume', key, by),
    rotate: (key, overlapMs, by) => note('rotate', key, overlapMs, by),
  };
}

async function start(
  settings: ServerSettings,
  control: DaemonControl = createControl(),
  deps: Partial<StartServersDeps> = {},
): Promise<number> {
  let port = 0;
  const started = await startServers(control, settings, {
    onError: (error) => errors.push(error),
    clock: systemClock,
    onControlSocket: ({ err }) => errors.push(err),
    onStatusPort: (chosen) => {
      port = chosen;
    },
    ...deps,
  });
  servers.push(...started);
  return port;
}

const startStatus = (deps: Partial<StartServersDeps> = {}, statusHosts: readonly string[] = []) =>
  start({ statusListen: { host: '127.0.0.1', port: 0 }, statusHosts }, createControl(), deps);

function createClient(where = socketPath) {
  return createControlClient(
    (request) => requestOverSocket(where, request, AbortSignal.timeout(5_000)),
    where,
  );
}

/** Sends bytes as they are and reads until the server closes. */
function sendRaw(target: { port: number } | { path: string }, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = 'port' in target ? connect(target.port, '127.0.0.1') : connect(target.path);
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}

const get = (target: string, headers: string[] = ['Host: localhost']) =>
  [`GET ${target} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n');

const statusOf = (answer: string) => Number(answer.split(' ')[1]);

describe('the control socket', () => {
  it('is open to its owner and group only, and gone after closing', async () => {
    await start({ controlSocket: socketPath });
    expect(statSync(socketPath).mode & 0o777).toBe(0o660);
    await servers.pop()?.close();
    expect(existsSync(socketPath)).toBe(false);
  });

  it('carries every command with who gave it', async () => {
    const asked: unknown[] = [];
    await start({ controlSocket: socketPath }, createControl(asked));
    const client = createClient();
    await client.reconcile({ by: 'alice', wait: true });
    await client.approve('orders', 'alice');
    await client.pause({ key: 'orders', until: '2026-12-01T00:00:00Z', because: 'move' }, 'alice');
    await client.resume(undefined, 'alice');
    expect(asked).toEqual([
      ['reconcile', 'alice', { wait: true }],
      ['approve', 'orders', 'alice'],
      ['pause', { key: 'orders', until: Date.UTC(2026, 11, 1), because: 'move' }, 'alice'],
      ['resume', undefined, 'alice'],
    ]);
    expect(await client.status()).toEqual(STATUS);
    expect(await client.approve('nobody', 'alice')).toEqual({ ok: false, message: 'no such key' });
  });

  it.each([
    { reason: 'a read is no command', method: 'GET', target: '/v1/reconcile', body: '', status: 405 },
    { reason: 'a command is no read', method: 'POST', target: '/v1/status', body: '', status: 405 },
    { reason: 'an unknown command', method: 'POST', target: '/v1/delete', body: '', status: 404 },
    { reason: 'a name of every object', method: 'POST', target: '/constructor', body: '', status: 404 },
    { reason: 'no JSON', method: 'POST', target: '/v1/pause', body: '{', status: 400 },
    { reason: 'no object', method: 'POST', target: '/v1/pause', body: '[]', status: 400 },
    { reason: 'an unknown field', method: 'POST', target: '/v1/pause', body: '{"untill":"x"}', status: 400 },
    { reason: 'no instant', method: 'POST', target: '/v1/pause', body: '{"until":"soon"}', status: 400 },
    { reason: 'no text', method: 'POST', target: '/v1/approve', body: '{"subject":7}', status: 400 },
    { reason: 'nothing to approve', method: 'POST', target: '/v1/approve', body: '{}', status: 409 },
    {
      reason: 'a very long text',
      method: 'POST',
      target: '/v1/approve',
      body: `{"subject":"${'x'.repeat(501)}"}`,
      status: 400,
    },
    {
      reason: 'a body beyond the limit',
      method: 'POST',
      target: '/v1/pause',
      body: ' '.repeat(17 * 1024),
      status: 413,
    },
  ])('answers $status to $method $target: $reason', async ({ method, target, body, status }) => {
    const asked: unknown[] = [];
    await start({ controlSocket: socketPath }, createControl(asked));
    const head = [
      `${method} ${target} HTTP/1.1`,
      'Host: x',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ];
    const answer = await sendRaw({ path: socketPath }, `${head.join('\r\n')}\r\n\r\n${body}`);
    expect(statusOf(answer)).toBe(status);
    expect(asked).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('replaces a socket that a killed daemon left behind', async () => {
    await start({ controlSocket: socketPath });
    const stale = path.join(folder, 'run', 'stale.sock');
    await leaveStaleSocket(stale);
    await start({ controlSocket: stale });
    expect(await createClient(stale).status()).toEqual(STATUS);
  });

  it('leaves a socket alone on which somebody listens', async () => {
    await start({ controlSocket: socketPath });
    await expect(start({ controlSocket: socketPath })).rejects.toThrow(/another process listens/);
    expect(await createClient().status()).toEqual(STATUS);
  });

  it('leaves a file alone that is not a socket, and does not follow a link to one', async () => {
    const file = path.join(folder, 'control.sock');
    writeFileSync(file, 'precious');
    await expect(start({ controlSocket: file })).rejects.toThrow(SocketPathError);
    const link = path.join(folder, 'link.sock');
    symlinkSync(file, link);
    await expect(start({ controlSocket: link })).rejects.toThrow(SocketPathError);
    expect(statSync(file).size).toBe(8);
  });

  it('refuses a path that the kernel would cut off', async () => {
    const long = path.join(folder, 'x'.repeat(120));
    await expect(start({ controlSocket: long })).rejects.toThrow(/too long for a socket: at most 107 bytes/);
  });

  it('gives way when the status port cannot be had: nothing stays behind', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const settings = { controlSocket: socketPath, statusListen: { host: '127.0.0.1', port } };
    await expect(start(settings)).rejects.toThrow(/EADDRINUSE/);
    expect(existsSync(socketPath)).toBe(false);
    await new Promise((resolve) => taken.close(resolve));
  });

  it('tells a client what it means that nobody answers', async () => {
    await expect(createClient().status()).rejects.toThrow(/check that it is running/);
    const stale = path.join(folder, 'stale.sock');
    await leaveStaleSocket(stale);
    await expect(createClient(stale).status()).rejects.toThrow(DaemonUnreachableError);
  });
});

describe('the status server', () => {
  it('answers health, readiness and status as JSON, with a status code that probes understand', async () => {
    const port = await startStatus();
    const health = await sendRaw({ port }, get('/healthz'));
    expect(statusOf(health)).toBe(200);
    expect(health).toContain('"reason":"the main loop is running","sentence":"all is well"');
    expect(statusOf(await sendRaw({ port }, get('/readyz')))).toBe(503);
    expect(await sendRaw({ port }, get('/api/v1/status?x=1'))).toContain('application/json');
  });

  it('shows metrics when there are some', async () => {
    const port = await startStatus({
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
    });
    const answer = await sendRaw({ port }, get('/metrics'));
    expect(answer).toContain('content-type: text/plain; version=0.0.4');
    expect(answer.endsWith('up 1\n')).toBe(true);
    expect(statusOf(await sendRaw({ port: await startStatus() }, get('/metrics')))).toBe(404);
  });

  it('answers HEAD without a body', async () => {
    const port = await startStatus();
    const answer = await sendRaw({ port }, get('/healthz').replace('GET', 'HEAD'));
    expect(statusOf(answer)).toBe(200);
    expect(answer.endsWith('\r\n\r\n')).toBe(true);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('refuses %s', async (method) => {
    const port = await startStatus();
    const answer = await sendRaw({ port }, get('/v1/reconcile').replace('GET', method));
    expect(statusOf(answer)).toBe(405);
    expect(answer.toLowerCase()).toContain('allow: get, head');
  });

  it.each([
    { host: 'evil.example.com', allowed: false },
    { host: 'evil.example.com:9643', allowed: false },
    { host: '127.0.0.1.nip.io', allowed: false },
    { host: 'localhost.evil.example.com', allowed: false },
    { host: 'user@127.0.0.1', allowed: false },
    { host: '', allowed: false },
    { host: '127.0.0.1:9643', allowed: true },
    { host: '[::1]:9643', allowed: true },
    { host: 'LOCALHOST', allowed: true },
    { host: 'callbackd:9643', allowed: true },
  ])('lets the host "$host" in: $allowed', async ({ host, allowed }) => {
    const port = await startStatus();
    expect(statusOf(await sendRaw({ port }, get('/metrics', [`Host: ${host}`])))).toBe(allowed ? 404 : 421);
  });

  it.each(['/healthz', '/readyz'])('answers %s whatever host is named', async (probe) => {
    const port = await startStatus();
    for (const headers of [
      ['Host: callbackd.ops.svc.cluster.local'],
      ['Host: evil.example.com:80'],
      ['Host:'],
    ]) {
      expect(statusOf(await sendRaw({ port }, get(probe, headers)))).not.toBe(421);
    }
  });

  it('answers under the names of the settings, and no others', async () => {
    const hosts = ['callbackd.example.com'];
    const port = await startStatus({}, hosts);
    const ask = async (host: string) =>
      statusOf(await sendRaw({ port }, get('/api/v1/status', [`Host: ${host}`])));
    expect(await ask('callbackd.example.com:443')).toBe(200);
    expect(await ask('CALLBACKD.example.com')).toBe(200);
    expect(await ask('a.callbackd.example.com')).toBe(421);
    expect(await ask('example.com')).toBe(421);
  });

  it.each([
    { site: 'cross-site', mode: 'cors', dest: 'empty', allowed: false },
    { site: 'cross-site', mode: 'no-cors', dest: 'image', allowed: false },
    { site: 'cross-site', mode: 'navigate', dest: 'iframe', allowed: false },
    { site: 'same-site', mode: 'cors', dest: 'empty', allowed: false },
    { site: 'nonsense', mode: 'cors', dest: 'empty', allowed: false },
    { site: 'cross-site', mode: 'navigate', dest: 'document', allowed: true },
    { site: 'same-origin', mode: 'cors', dest: 'empty', allowed: true },
    { site: 'none', mode: 'navigate', dest: 'document', allowed: true },
  ])(
    'lets a browser in that asks $mode for $dest from $site: $allowed',
    async ({ site, mode, dest, allowed }) => {
      const port = await startStatus();
      const said = ['Host: localhost', `Sec-Fetch-Site: ${site}`, `Sec-Fetch-Mode: ${mode}`];
      const answer = await sendRaw({ port }, get('/healthz', [...said, `Sec-Fetch-Dest: ${dest}`]));
      expect(statusOf(answer)).toBe(allowed ? 200 : 403);
    },
  );

  it('bounds heads and bodies', async () => {
    const port = await startStatus();
    expect(
      statusOf(await sendRaw({ port }, get('/healthz', ['Host: localhost', `X: ${'x'.repeat(20_000)}`]))),
    ).toBe(431);
    const body = ['Host: localhost', 'Content-Length: 100000'];
    expect(statusOf(await sendRaw({ port }, `${get('/healthz', body)}${'x'.repeat(1_000)}`))).toBe(413);
  });

  it('lets the newest client in: the longest idle one gives way', async () => {
    const port = await startStatus();
    const idle: Socket[] = [];
    const closed: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const socket = await openIdle(port);
      socket.resume().on('close', () => closed.push(index));
      idle.push(socket);
      expect(statusOf(await sendRaw({ port }, get('/healthz')))).toBe(200);
    }
    await expect.poll(() => closed.length).toBeGreaterThanOrEqual(8);
    expect(closed).toEqual(closed.map((_, index) => index));
    for (const socket of idle) socket.destroy();
  });

  it('answers 500 to a page that throws, tells of it, and continues', async () => {
    const port = await startStatus({
      pages: {
        '/': () => {
          throw new Error('a bug');
        },
      },
    });
    const answer = await sendRaw({ port }, get('/'));
    expect(statusOf(answer)).toBe(500);
    expect(answer).not.toContain('a bug');
    expect(errors).toHaveLength(1);
    expect(statusOf(await sendRaw({ port }, get('/healthz')))).toBe(200);
  });

  it('lets an answer in flight arrive before it closes', async () => {
    let answer = (_text: string) => {};
    let hasBegun = false;
    const port = await startStatus({
      metrics: () => {
        hasBegun = true;
        return new Promise((resolve) => {
          answer = (text) => resolve({ contentType: 'text/plain', text });
        });
      },
    });
    const asked = sendRaw({ port }, get('/metrics').replace('Connection: close\r\n', ''));
    await expect.poll(() => hasBegun).toBe(true);
    const closed = servers.pop()?.close();
    answer('up 1');
    expect(await asked).toContain('up 1');
    await closed;
  });

  it('closes within its time even while a client keeps its connection open', async () => {
    const port = await startStatus();
    const socket = await openIdle(port);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await servers.pop()?.close();
    await closed;
  });
});

function openIdle(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

/** What `kill -9` leaves: a socket file that nobody listens on. */
async function leaveStaleSocket(file: string): Promise<void> {
  const server = createServer();
  const elsewhere = `${file}.bound`;
  await new Promise<void>((resolve) => server.listen(elsewhere, resolve));
  linkSync(elsewhere, file);
  chmodSync(file, 0o660);
  await new Promise((resolve) => server.close(resolve));
}
