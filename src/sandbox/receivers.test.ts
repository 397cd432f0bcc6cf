import { beforeEach, describe, expect, it } from 'vitest';
import { type Caller, createCaller, seededRandom, settle } from '../../test/builders/call-sandbox.ts';
import { createVirtualClock, type VirtualClock } from '../lib/virtual-clock.ts';
import type { CallbackMessage, Delivery } from './protocol.ts';
import { createReceivers, type Receivers } from './receivers.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { signCallback } from './send-callback.ts';

const URL_OF_ORDERS = 'http://127.0.0.1:1/_receivers/orders';

let clock: VirtualClock;
let sandbox: Sandbox;
let receivers: Receivers;
let call: Caller;
let sent: CallbackMessage[];

beforeEach(() => {
  clock = createVirtualClock(Date.UTC(2026, 0, 15));
  sent = [];
  const deliver: Delivery = async (message) => {
    sent.push(message);
    const answer = await receivers.answer('orders', message);
    return answer === 'hang' ? new Promise(() => {}) : { kind: 'answered', ...answer };
  };
  sandbox = createSandbox({ clock, random: seededRandom(5), deliver });
  receivers = createReceivers({ clock, tokenOf: sandbox.verifyTokenOf });
  call = createCaller(sandbox);
});

const createApp = async (): Promise<string> =>
  (await call('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' })).json.data.id;
const setUrl = (id: string) =>
  settle(clock, call('PUT', `/v1/api_apps/${id}`, { callback_url: URL_OF_ORDERS }));

it('signs as the published rule says', () => {
  const parts = { timestamp: '1749038258245', nonce: 'n0nce', token: 'tok', body: '{"a":1}' };
  expect(signCallback(parts)).toBe('09bdba9df8a05d7eba32b5ad11fefb7d03324e8c');
});

describe('the challenge when a URL is set', () => {
  it('has the shape of the vendor page: the challenge inside event, no signature by default', async () => {
    const id = await createApp();
    expect((await setUrl(id)).json.code).toBe(0);
    const [message] = sent;
    expect(message?.url).toBe(URL_OF_ORDERS);
    expect(JSON.parse(message?.body ?? '')).toEqual({
      header: { event_type: 'url_verification', event_id: expect.any(String), created_at: clock.now() },
      event: { challenge: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) },
    });
    expect(message?.headers).toEqual({ 'content-type': 'application/json' });
    expect(sandbox.apps()).toMatchObject([{ callbackUrl: URL_OF_ORDERS }]);
  });

  it('fails after 3 s without an answer, and the app keeps its name too', async () => {
    const id = await createApp();
    receivers.behave('orders', { mode: 'hang' });
    const both = { name: 'b', callback_url: URL_OF_ORDERS };
    const reply = await settle(clock, call('PUT', `/v1/api_apps/${id}`, both));
    expect(reply.json).toMatchObject({ code: 4000, msg: expect.stringContaining('no reply within 3000 ms') });
    expect(clock.monotonic()).toBe(3000);
    expect(sandbox.apps()).toMatchObject([{ name: 'a', callbackUrl: undefined }]);
  });

  it.each([
    [{ delayMs: 3100 }, 'no reply within'],
    [{ mode: 'wrong_echo' }, 'does not hold the challenge'],
    [{ mode: 'not_json' }, 'not a JSON object'],
    [{ mode: 'status', status: 503 }, 'HTTP 503'],
    [{ signature: 'always' }, 'HTTP 401'],
  ] as const)('fails with a receiver told %j', async (behaviour, reason) => {
    const id = await createApp();
    receivers.behave('orders', behaviour);
    expect((await setUrl(id)).json).toMatchObject({ code: 4000, msg: expect.stringContaining(reason) });
  });

  it('answers in time when the receiver takes 2.9 s, or wants a signature and gets one', async () => {
    const id = await createApp();
    receivers.behave('orders', { delayMs: 2900, signature: 'always' });
    sandbox.configure({ challengeSigned: true });
    expect((await setUrl(id)).json.code).toBe(0);
  });

  it('finds the app gone when it is deleted while its receiver thinks', async () => {
    const id = await createApp();
    receivers.behave('orders', { delayMs: 1000 });
    clock.after(500, () => sandbox.console().remove(id));
    expect((await setUrl(id)).json.code).toBe(4200);
  });
});

describe('events', () => {
  async function subscribed(eventType = 'bot.deleted'): Promise<string> {
    const id = await createApp();
    await setUrl(id);
    sandbox.console().subscribe(id, [eventType]);
    sent.length = 0;
    return id;
  }

  it('reach every subscriber signed with its own token, and nobody else', async () => {
    const first = await subscribed();
    await subscribed('bot.published');
    const third = await subscribed();
    const reports = await settle(clock, sandbox.publish({ eventType: 'bot.deleted' }));
    expect(reports).toMatchObject([
      { appId: first, ok: true, sends: 1 },
      { appId: third, ok: true, sends: 1 },
    ]);
    expect(receivers.report()['orders']).toMatchObject({ refusedSignatures: 0 });
    expect(receivers.report()['orders']?.eventIds).toEqual(reports.map((report) => report.eventId));
  });

  it('are refused when the body was changed on the way', async () => {
    await subscribed();
    await settle(clock, sandbox.publish({ eventType: 'bot.deleted' }));
    const [message] = sent;
    const forged = { headers: message?.headers ?? {}, body: message?.body.replace('}', ' }') ?? '' };
    expect(await receivers.answer('orders', forged)).toMatchObject({ status: 401 });
    expect(receivers.report()['orders']?.refusedSignatures).toBe(1);
  });

  it('are refused for an app that does not exist', async () => {
    const body = JSON.stringify({ header: { event_type: 'bot.deleted', api_app_id: '1' }, event: {} });
    const headers = { 'x-coze-timestamp': '1', 'x-coze-nonce': 'n', 'x-coze-signature': 'x' };
    expect(await receivers.answer('orders', { headers, body })).toMatchObject({ status: 401 });
    expect(await receivers.answer('orders', { headers, body: 'x' })).toMatchObject({ status: 400 });
  });

  it('are sent again with the same id until somebody answers, three times at most', async () => {
    await subscribed();
    receivers.behave('orders', { mode: 'status' });
    const [report] = await settle(clock, sandbox.publish({ eventType: 'bot.deleted' }));
    expect(report).toMatchObject({ ok: false, sends: 3, reason: 'HTTP 500' });
    const sentIds = sent.map((message) => JSON.parse(message.body).header.event_id);
    expect(sentIds).toEqual([report?.eventId, report?.eventId, report?.eventId]);
  });

  it('of publishing give a channel 10 s and demand an audit status', async () => {
    const edits = sandbox.console();
    edits.create({
      appType: 'connector',
      connectorId: '77',
      callbackUrl: URL_OF_ORDERS,
      events: ['bot.published'],
    });
    receivers.behave('orders', { delayMs: 9000 });
    expect(await settle(clock, sandbox.publish({ eventType: 'bot.published' }))).toMatchObject([
      { ok: true },
    ]);
    expect(JSON.parse(sent[0]?.body ?? '').header.connector_id).toBe('77');
    receivers.behave('orders', { delayMs: 0, mode: 'not_json' });
    expect(await settle(clock, sandbox.publish({ eventType: 'bot.published' }))).toMatchObject([
      { ok: false, reason: 'a channel must answer bot.published with an audit status' },
    ]);
  });
});
