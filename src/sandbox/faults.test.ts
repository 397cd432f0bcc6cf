import { beforeEach, describe, expect, it } from 'vitest';
import { type Caller, createCaller, seededRandom } from '../../test/builders/call-sandbox.ts';
import { createVirtualClock, type VirtualClock } from '../lib/virtual-clock.ts';
import type { Fault, FaultRule } from './faults.ts';
import { parseFaultScript } from './parse-fault-script.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

let clock: VirtualClock;
let sandbox: Sandbox;
let call: Caller;

beforeEach(() => {
  clock = createVirtualClock(Date.UTC(2026, 0, 15));
  sandbox = createSandbox({ clock, random: seededRandom(3) });
  call = createCaller(sandbox);
});

const create = (name = 'a') => call('POST', '/v1/api_apps', { app_type: 'normal', name });
const page = (token = '') => call('GET', `/v1/api_apps?page_size=3&page_token=${encodeURIComponent(token)}`);
const raw = (method = 'GET', body = '') =>
  sandbox.handle({
    method,
    path: '/v1/api_apps',
    query: '',
    headers: { authorization: 'Bearer pat_sandbox', 'content-type': 'application/json' },
    body,
  });
const once = (fault: Fault, match: FaultRule['match'] = {}): FaultRule => ({ match, do: fault, times: 1 });
const ids = (reply: { json: { data: { items: { id: string }[] } } }) =>
  reply.json.data.items.map((item) => item.id);

describe('which requests a rule picks', () => {
  it('counts only the requests that fit, per rule', async () => {
    sandbox.faults.add(
      { match: { operation: 'create_app', nth: 2 }, do: { kind: 'fail', code: 5000 } },
      { match: { operation: ['list_apps'], every: 2 }, do: { kind: 'fail', code: 4009 } },
    );
    const codes = [];
    for (const send of [create, page, create, page, create, page, page]) codes.push((await send()).json.code);
    expect(codes).toEqual([0, 0, 5000, 4009, 0, 0, 4009]);
    expect(sandbox.faults.report().map(({ seen, struck }) => [seen, struck])).toEqual([
      [3, 1],
      [4, 2],
    ]);
  });

  it('knows an app by the name in the body, by its name in the account and by its id', async () => {
    const fail: Fault = { kind: 'fail', code: 5000 };
    sandbox.faults.add(once(fail, { appName: 'orders', operation: 'create_app' }));
    expect((await create('billing')).json.code).toBe(0);
    expect((await create('orders')).json.code).toBe(5000);
    const { id } = (await create('orders')).json.data;
    sandbox.faults.add(once(fail, { appName: 'orders' }), once(fail, { appId: id, operation: 'delete_app' }));
    expect((await call('PUT', `/v1/api_apps/${id}`, { name: 'renamed' })).json.code).toBe(5000);
    expect((await call('PUT', `/v1/api_apps/${id}`, { name: 'renamed' })).json.code).toBe(0);
    expect((await call('DELETE', `/v1/api_apps/${id}`)).json.code).toBe(5000);
    expect((await call('DELETE', `/v1/api_apps/${id}`)).json.code).toBe(0);
  });

  it('strikes by chance with about the share it is given, and not at all after clear', async () => {
    sandbox.faults.setRandom({ share: 0.3, faults: [{ kind: 'drop_before' }], operations: ['list_apps'] });
    const results = [];
    for (let i = 0; i < 1000; i += 1) results.push(await raw());
    const struck = results.filter((result) => result === 'closed').length;
    expect(struck).toBeGreaterThan(250);
    expect(struck).toBeLessThan(350);
    expect((await create()).status).toBe(200);
    sandbox.faults.clear();
    for (let i = 0; i < 50; i += 1) expect(await raw()).toMatchObject({ status: 200 });
  });
});

describe('effects on a request', () => {
  const body = JSON.stringify({ app_type: 'normal', name: 'a' });

  it.each([
    ['drop_before', 'closed', 0],
    ['drop_after', 'closed', 1],
    ['reset', 'reset', 0],
    ['hang', 'hang', 0],
  ] as const)('%s shows as %s and leaves %i apps', async (kind, shown, apps) => {
    sandbox.faults.add(once({ kind }));
    expect(await raw('POST', body)).toBe(shown);
    expect(sandbox.apps()).toHaveLength(apps);
    expect(sandbox.records.list()).toMatchObject([
      { result: shown, isProcessed: apps === 1, faults: [kind] },
    ]);
  });

  it.each(['reset', 'hang', 'html', 'fail'] as const)('%s after processing leaves the app', async (kind) => {
    sandbox.faults.add(once({ kind, when: 'after' }));
    const result = await raw('POST', body);
    expect(sandbox.apps()).toHaveLength(1);
    expect(typeof result === 'string' || result.status >= 500).toBe(true);
  });

  it('delays processing or only the reply', async () => {
    sandbox.faults.add(once({ kind: 'delay', ms: 700 }));
    let isDone = false;
    const late = raw('POST', body).then(() => {
      isDone = true;
    });
    await Promise.resolve();
    expect(sandbox.apps()).toHaveLength(0);
    await clock.run(() => isDone);
    await late;
    expect(clock.monotonic()).toBe(700);
    sandbox.faults.add(once({ kind: 'delay', ms: 300, when: 'after' }));
    const replyIsLate = raw('POST', body);
    await clock.run(() => sandbox.apps().length === 2);
    expect(clock.monotonic()).toBe(700);
    await clock.run(() => sandbox.records.total === 2);
    await replyIsLate;
    expect(clock.monotonic()).toBe(1000);
  });

  it('processes a request twice when a proxy repeats it', async () => {
    sandbox.faults.add(once({ kind: 'duplicate_delivery' }));
    const { id } = (await create()).json.data;
    expect(sandbox.apps().map((app) => app.name)).toEqual(['a', 'a']);
    expect(sandbox.apps()[1]?.id).toBe(id);
  });

  it('bends status, code, headers and body as told', async () => {
    sandbox.faults.add(once({ kind: 'fail', status: 429, code: 4020, headers: { 'retry-after': '7' } }));
    expect(await create()).toMatchObject({
      status: 429,
      json: { code: 4020 },
      headers: { 'retry-after': '7' },
    });
    sandbox.faults.add(
      once({ kind: 'fail', status: 302, headers: { location: 'https://elsewhere.example/' } }),
    );
    expect(await raw()).toMatchObject({ status: 302, headers: { location: 'https://elsewhere.example/' } });
    sandbox.faults.add(once({ kind: 'html' }));
    expect(await raw()).toMatchObject({ status: 502, headers: { 'content-type': 'text/html' } });
    sandbox.faults.add(once({ kind: 'truncate', bytes: 10 }));
    expect(await raw()).toMatchObject({ status: 200, isCut: true, body: '{"code":0,' });
    sandbox.faults.add(once({ kind: 'oversize', bytes: 5000 }));
    expect((await page()).text).toHaveLength(5000);
  });

  it('masks tokens the way the vendor examples do', async () => {
    sandbox.faults.add({ match: {}, do: { kind: 'mask_tokens' } });
    expect((await create()).json.data.verify_token).toMatch(/^[A-Za-z0-9]{60}\*{4}$/);
    expect((await page()).json.data.items[0].verify_token).toMatch(/\*{4}$/);
  });
});

describe('pages that mislead', () => {
  let all: string[];
  beforeEach(() => {
    all = Array.from({ length: 8 }, (_, i) => sandbox.console().create({ name: `a${i}` }));
  });

  it('repeats a token: the same page comes again', async () => {
    sandbox.faults.add(once({ kind: 'repeat_token' }));
    const first = await page();
    const again = await page(first.json.data.next_page_token);
    expect(ids(again)).toEqual(ids(first));
    sandbox.faults.add(once({ kind: 'repeat_token' }));
    const token = again.json.data.next_page_token;
    expect((await page(token)).json.data.next_page_token).toBe(token);
  });

  it('says there is more and gives no token', async () => {
    sandbox.faults.add(once({ kind: 'empty_token' }));
    expect((await page()).json.data).toMatchObject({ has_more: true, next_page_token: '' });
  });

  it('shows an item on two pages, or twice on the last one', async () => {
    sandbox.faults.add(once({ kind: 'repeat_item' }));
    const first = await page();
    expect(ids(await page(first.json.data.next_page_token))[0]).toBe(all[2]);
    sandbox.faults.add(once({ kind: 'repeat_item' }));
    const last = await call('GET', '/v1/api_apps');
    expect(ids(last)).toEqual([...all, all[0]]);
  });

  it('lets an item slip between two pages', async () => {
    sandbox.faults.add(once({ kind: 'skip_item' }));
    const first = await page();
    expect(ids(await page(first.json.data.next_page_token))).toEqual(all.slice(4, 7));
  });

  it('hides items and ends early', async () => {
    sandbox.faults.add(once({ kind: 'hide_items', count: 2 }));
    expect(ids(await page())).toEqual(all.slice(0, 1));
    sandbox.faults.add(once({ kind: 'early_end' }));
    expect((await page()).json.data.has_more).toBe(false);
  });
});

describe('a fault script from JSON', () => {
  it('takes every fault that the types know', () => {
    const rules = [
      { match: { operation: 'list_apps', nth: 2 }, do: { kind: 'delay', ms: 5, when: 'after' }, times: 3 },
      { do: { kind: 'fail', status: 500, headers: { 'retry-after': '1' } } },
    ];
    expect(parseFaultScript({ rules }).rules).toEqual([rules[0], { match: {}, ...rules[1] }]);
    const random = { share: 0.5, faults: [{ kind: 'hang' }], operations: ['create_app'] };
    expect(parseFaultScript({ random }).random).toEqual(random);
  });

  it.each([
    [{ rule: [] }, 'a fault script has no rule'],
    [{ rules: {} }, 'rules is a list'],
    [{ rules: [{}] }, 'a rule needs do'],
    [{ rules: [{ do: { kind: 'explode' } }] }, 'there is no fault "explode"'],
    [{ rules: [{ do: { kind: 'delay' } }] }, 'fault delay needs ms'],
    [{ rules: [{ do: { kind: 'hang', wen: 'after' } }] }, 'fault hang has no wen'],
    [{ rules: [{ do: { kind: 'hang', when: 'later' } }] }, 'fault hang: when cannot be "later"'],
    [
      { rules: [{ do: { kind: 'hang' }, match: { operation: 'list' } }] },
      'match: operation cannot be "list"',
    ],
    [{ rules: [{ do: { kind: 'hang' }, match: { toString: 1 } }] }, 'match has no toString'],
    [{ random: { share: 0.5 } }, 'random needs share and faults'],
    [{ random: { share: 2, faults: [{ kind: 'hang' }] } }, 'random: share cannot be 2'],
  ])('refuses %j', (script, message) => {
    expect(() => parseFaultScript(script)).toThrow(message);
  });
});
