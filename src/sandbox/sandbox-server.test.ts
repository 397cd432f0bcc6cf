import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { createHttpClient, type HttpClient } from '../lib/http-client.ts';
import { type StartedSandbox, startSandbox } from './start-sandbox.ts';

let transport: HttpClient;
let started: StartedSandbox;

beforeEach(async () => {
  transport = createHttpClient({ connectionsMax: 8 });
  started = await startSandbox({ clock: systemClock, random: () => 0.5, transport, port: 0 });
});

afterEach(async () => {
  await started.close();
  transport.close();
});

async function send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) {
  const reply = await transport.send({
    method,
    url: started.url + path,
    headers: { authorization: `Bearer ${started.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs: 5000,
    bodyBytesMax: 1_000_000,
  });
  const text = Buffer.from(reply.body).toString('utf8');
  return { ...reply, text, json: JSON.parse(text) };
}

it('leads an app through its whole life over HTTP', async () => {
  const created = await send('POST', '/v1/api_apps', { app_type: 'normal', name: '订单回调应用' });
  expect(created.json).toMatchObject({ code: 0, msg: '', data: { name: '订单回调应用' } });
  const { id } = created.json.data;
  const callback_url = started.receiverUrl('orders');
  expect((await send('PUT', `/v1/api_apps/${id}`, { callback_url })).json).toMatchObject({ code: 0 });
  const events = { event_types: ['bot.published', 'bot.deleted'] };
  expect((await send('POST', `/v1/api_apps/${id}/events`, events)).json).toMatchObject({ code: 0 });
  expect(started.receivers.report()['orders']).toMatchObject({ challenges: 1 });
  const reports = await started.sandbox.publish({ eventType: 'bot.published' });
  expect(reports).toMatchObject([{ appId: id, ok: true, sends: 1 }]);
  await send('DELETE', `/v1/api_apps/${id}/events`, { event_types: ['bot.deleted'] });
  expect((await send('GET', `/v1/api_apps/${id}/events`)).json.data.items).toMatchObject([
    { event_type: 'bot.published', api_app_id: id },
  ]);
  expect((await send('DELETE', `/v1/api_apps/${id}`)).json).toMatchObject({ code: 0 });
  expect((await send('GET', '/v1/api_apps')).json.data).toEqual({ items: [], has_more: false });
});

it('gives the same logid in the body and in the header, and never one twice', async () => {
  const replies = [await send('GET', '/v1/api_apps'), await send('GET', '/v1/api_apps')];
  const logids = replies.map((reply) => reply.json.detail.logid);
  expect(logids).toEqual(replies.map((reply) => reply.headers['x-tt-logid']));
  expect(new Set(logids).size).toBe(2);
  expect((await send('GET', '/_sandbox/logids')).json).toEqual(logids);
});

it('refuses a URL whose receiver does not return the challenge, and keeps the old one', async () => {
  const { id } = (await send('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' })).json.data;
  await send('PUT', `/_sandbox/receivers/bad`, { mode: 'wrong_echo' });
  const refused = await send('PUT', `/v1/api_apps/${id}`, { callback_url: started.receiverUrl('bad') });
  expect(refused).toMatchObject({ status: 400, json: { code: 4000 } });
  expect(started.sandbox.apps()).toMatchObject([{ id, callbackUrl: undefined }]);
});

it('loses the reply of a processed create, as the fault script says', async () => {
  await send('POST', '/_sandbox/faults', {
    rules: [{ match: { operation: 'create_app' }, do: { kind: 'drop_after' }, times: 1 }],
  });
  const create = () => send('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' });
  await expect(create()).rejects.toMatchObject({ fate: 'maybe_processed' });
  expect(started.sandbox.apps()).toHaveLength(1);
  expect((await create()).json.code).toBe(0);
});

it('breaks a reply off in the middle', async () => {
  started.sandbox.faults.add({ match: {}, do: { kind: 'truncate' }, times: 1 });
  await expect(send('GET', '/v1/api_apps')).rejects.toMatchObject({ fate: 'truncated' });
});

it('shows drift that somebody makes in the console, without any secret', async () => {
  const { id } = (await send('POST', '/_sandbox/apps', { name: 'by hand', events: ['bot.deleted'] })).json;
  const token = started.sandbox.verifyTokenOf(id)?.reveal() ?? '';
  const dump = await send('GET', '/_sandbox/apps');
  expect(dump.json).toMatchObject([{ id, name: 'by hand', events: ['bot.deleted'] }]);
  expect(dump.text).not.toContain(token);
  expect(token).toHaveLength(64);
});

it.each([
  ['reset', { fate: 'maybe_processed', reason: 'ECONNRESET' }],
  ['hang', { fate: 'maybe_processed', reason: 'timeout' }],
] as const)('lets a client see a %s on its socket', async (kind, failure) => {
  started.sandbox.faults.add({ match: {}, do: { kind }, times: 1 });
  const request = {
    method: 'GET' as const,
    url: `${started.url}/v1/api_apps`,
    headers: {},
    bodyBytesMax: 1000,
  };
  await expect(transport.send({ ...request, timeoutMs: 200 })).rejects.toMatchObject(failure);
});

it.each([
  ['reset', 'ECONNRESET'],
  ['drop_before', 'closed'],
] as const)('ends the connection of a %s at the level of TCP as %s', async (kind, expected) => {
  started.sandbox.faults.add({ match: {}, do: { kind }, times: 1 });
  const end = await new Promise((resolve) => {
    const socket = connect(Number(new URL(started.url).port), '127.0.0.1');
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.on('close', () => resolve('closed'));
    socket.resume();
    socket.write('GET /v1/api_apps HTTP/1.1\r\nhost: sandbox\r\n\r\n');
  });
  expect(end).toBe(expected);
});

it('refuses a body that is far too long, and continues', async () => {
  const long = await send('POST', '/v1/api_apps', { name: 'x'.repeat(1_100_000) }).catch((error) => error);
  expect(long).toBeInstanceOf(SyntaxError);
  expect(started.sandbox.records.total).toBe(0);
  expect((await send('GET', '/v1/api_apps')).status).toBe(200);
});

it('closes at once, whoever still waits for an answer', async () => {
  started.sandbox.faults.add({ match: {}, do: { kind: 'hang' } });
  const waiting = send('GET', '/v1/api_apps');
  const failed = expect(waiting).rejects.toMatchObject({ fate: 'maybe_processed' });
  while (started.sandbox.records.total === 0) await systemClock.sleep(1);
  await started.close();
  await failed;
  started = await startSandbox({ clock: systemClock, random: () => 0.5, transport, port: 0 });
});

it('rejects when the port is taken', async () => {
  const port = Number(new URL(started.url).port);
  const again = startSandbox({ clock: systemClock, random: () => 0.5, transport, port });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('never sends a challenge beyond this machine: a receiver elsewhere is taken to answer', async () => {
  const { id } = (await send('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' })).json.data;
  const callback_url = 'https://hooks.example.invalid/coze';
  expect((await send('PUT', `/v1/api_apps/${id}`, { callback_url })).json.code).toBe(0);
  const closed = 'http://127.0.0.1:9/';
  expect((await send('PUT', `/v1/api_apps/${id}`, { callback_url: closed })).json).toMatchObject({
    code: 4000,
    msg: expect.stringContaining('ECONNREFUSED'),
  });
  expect(started.sandbox.apps()).toMatchObject([{ callbackUrl: callback_url }]);
});
