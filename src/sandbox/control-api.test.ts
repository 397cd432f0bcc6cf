import { beforeEach, describe, expect, it } from 'vitest';
import { type Caller, createCaller, seededRandom, settle } from '../../test/builders/call-sandbox.ts';
import { createVirtualClock, type VirtualClock } from '../lib/virtual-clock.ts';
import { createReceivers, type Receivers } from './receivers.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { type ControlApi, createControlApi } from './sandbox-server.ts';

let clock: VirtualClock;
let sandbox: Sandbox;
let receivers: Receivers;
let control: ControlApi;
let call: Caller;

beforeEach(() => {
  clock = createVirtualClock(Date.UTC(2026, 0, 15));
  sandbox = createSandbox({ clock, random: seededRandom(2) });
  receivers = createReceivers({ clock, tokenOf: sandbox.verifyTokenOf });
  control = createControlApi(sandbox, receivers);
  call = createCaller(sandbox);
});

async function ask(endpoint: string, body?: unknown) {
  const [method = '', target = ''] = endpoint.split(' ');
  const path = `/_sandbox/${target}`;
  const reply = await control({ method, path, body: body === undefined ? '' : JSON.stringify(body) });
  return { ...reply, json: JSON.parse(reply.body) };
}

describe('somebody in the console', () => {
  it('creates, edits and deletes apps without a challenge', async () => {
    const { id } = (await ask('POST apps', { name: 'a', callbackUrl: 'https://a.example' })).json;
    await ask(`PATCH apps/${id}`, {
      name: 'b',
      callbackUrl: null,
      subscribe: ['bot.deleted', 'bot.published'],
    });
    await ask(`PATCH apps/${id}`, { unsubscribe: ['bot.deleted'] });
    const shown = { id, name: 'b', appType: 'normal', events: ['bot.published'] };
    expect((await ask('GET apps')).json).toEqual([{ ...shown, createdAt: clock.now() }]);
    await ask(`DELETE apps/${id}`);
    expect((await ask('GET apps')).json).toEqual([]);
    expect(await ask(`PATCH apps/${id}`, { name: 'c' })).toMatchObject({ status: 404 });
  });
});

describe('the platform is told to behave differently', () => {
  it('takes faults, shows how often they struck, and forgets them', async () => {
    const rule = { match: { operation: 'list_apps' }, do: { kind: 'fail', code: 5000 }, times: 1 };
    await ask('POST faults', { rules: [rule] });
    expect(
      [await call('GET', '/v1/api_apps'), await call('GET', '/v1/api_apps')].map((r) => r.json.code),
    ).toEqual([5000, 0]);
    expect((await ask('GET faults')).json).toEqual([{ rule, seen: 2, struck: 1 }]);
    await ask('DELETE faults');
    expect((await ask('GET faults')).json).toEqual([]);
  });

  it('turns switches, limits the rate and knows new tokens', async () => {
    await ask('PATCH switches', { errorStyle: 'code_in_200' });
    expect((await ask('GET switches')).json).toMatchObject({ errorStyle: 'code_in_200', idStyle: 'string' });
    expect((await call('GET', '/v1/api_apps', undefined, 'pat_new')).status).toBe(200);
    expect((await call('GET', '/v1/api_apps', undefined, 'pat_new')).json.code).toBe(700012006);
    await ask('POST tokens', { token: 'pat_new', account: 'main' });
    expect((await call('GET', '/v1/api_apps', undefined, 'pat_new')).json.code).toBe(0);
    await ask('DELETE tokens', { token: 'pat_sandbox' });
    expect((await call('GET', '/v1/api_apps')).json.code).toBe(700012006);
    await ask('PUT rate_limit', { perSecond: 1, style: 'code_4009' });
    expect((await call('GET', '/v1/api_apps', undefined, 'pat_new')).json.code).toBe(0);
    expect((await call('GET', '/v1/api_apps', undefined, 'pat_new')).json.code).toBe(4009);
    await ask('DELETE rate_limit');
    expect((await call('GET', '/v1/api_apps', undefined, 'pat_new')).json.code).toBe(0);
  });

  it('counts requests by operation, limited ones among them, and remembers each with its logid', async () => {
    const first = await call('GET', '/v1/api_apps');
    await call('POST', '/v1/api_apps', {});
    sandbox.limitRate({ perSecond: 0.5, burst: 1 });
    await call('GET', '/v1/api_apps');
    await call('GET', '/v1/api_apps');
    expect((await ask('GET counters')).json).toEqual({
      total: 4,
      byOperation: {
        list_apps: { received: 3, processed: 2, limited: 1 },
        create_app: { received: 1, processed: 0, limited: 0 },
      },
    });
    expect((await ask('GET logids')).json[0]).toBe(first.json.detail.logid);
    expect((await ask('GET requests')).json[1]).toMatchObject({ operation: 'create_app', result: 400 });
    await ask('DELETE requests');
    expect((await ask('GET counters')).json.total).toBe(0);
  });

  it('publishes an event to its subscribers', async () => {
    const { id } = (
      await ask('POST apps', { name: 'a', callbackUrl: 'https://a.example', events: ['bot.deleted'] })
    ).json;
    const reply = await settle(clock, ask('POST events', { eventType: 'bot.deleted' }));
    expect(reply.json).toMatchObject([{ appId: id, ok: true, sends: 1 }]);
  });
});

describe('a careless caller', () => {
  it.each([
    ['PATCH switches', { uniqueName: true }, 'there is no switch uniqueName'],
    ['PATCH switches', { constructor: true }, 'there is no switch constructor'],
    ['PATCH switches', { uniqueNames: 'yes' }, 'switch uniqueNames takes false or true, not "yes"'],
    ['PATCH switches', { maxApps: -1 }, 'switch maxApps takes a number, not negative, not -1'],
    ['PUT receivers/a', { mood: 'bad' }, 'a receiver has no mood'],
    ['PUT receivers/a', { mode: 'bad' }, `a receiver's mode cannot be "bad"`],
    ['PUT rate_limit', { perSecond: 0 }, 'perSecond and burst are above 0'],
    ['PUT rate_limit', { perSecond: 1, style: 'rude' }, 'style is http_429'],
    ['PUT rate_limit', { rate: 5 }, 'a rate limit has no rate'],
    ['POST faults', { rules: [{ do: { kind: 'x' } }] }, 'there is no fault "x"'],
    ['POST apps', { account: 'nobody' }, 'the sandbox has no account nobody'],
  ])('is told what is wrong with %s %j', async (endpoint, body, message) => {
    const before = sandbox.switches;
    expect(await ask(endpoint, body)).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining(message) },
    });
    expect(sandbox.switches).toEqual(before);
  });

  it('is shown the endpoints when there is no such one', async () => {
    const { status, json } = await ask('GET nothing');
    expect(status).toBe(404);
    expect(json.endpoints).toContain('GET apps');
  });
});

it('never shows a secret, whatever it is asked for', async () => {
  const { id } = (await call('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' })).json.data;
  const secrets = [sandbox.verifyTokenOf(id)?.reveal() ?? 'missing', 'pat_sandbox'];
  for (const endpoint of (await ask('GET nothing')).json.endpoints.filter((e: string) =>
    e.startsWith('GET'),
  )) {
    const { status, body } = await ask(endpoint);
    expect(status).toBe(200);
    for (const secret of secrets) expect(body).not.toContain(secret);
  }
});
