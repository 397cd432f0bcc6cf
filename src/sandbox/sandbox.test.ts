import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Caller, createCaller, seededRandom, settle } from '../../test/builders/call-sandbox.ts';
import { createVirtualClock, type VirtualClock } from '../lib/virtual-clock.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';

const START = Date.UTC(2026, 0, 15, 8);
const UNKNOWN_ID = '7599999999999999999';

let clock: VirtualClock;
let sandbox: Sandbox;
let call: Caller;

function open(options: SandboxOptions = {}) {
  clock = createVirtualClock(START);
  sandbox = createSandbox({ clock, random: seededRandom(7) }, options);
  call = createCaller(sandbox);
}

async function createApp(name = 'orders'): Promise<string> {
  return (await call('POST', '/v1/api_apps', { app_type: 'normal', name })).json.data.id;
}

async function listIds(query = ''): Promise<string[]> {
  const ids: string[] = [];
  for (let token = ''; ; ) {
    const { data } = (await call('GET', `/v1/api_apps?page_token=${encodeURIComponent(token)}${query}`)).json;
    ids.push(...data.items.map((item: { id: string }) => item.id));
    if (!data.has_more) return ids;
    token = data.next_page_token;
  }
}

beforeEach(() => open());

describe('validation per the vendor pages', () => {
  const long = '字'.repeat(128);
  const cases: readonly (readonly [reason: string, method: string, target: string, body: unknown])[] = [
    ['app_type is required', 'POST', '', { name: 'a' }],
    ['app_type is a closed enum', 'POST', '', { app_type: 'other', name: 'a' }],
    ['a normal app needs a name', 'POST', '', { app_type: 'normal' }],
    ['a name is not empty', 'POST', '', { app_type: 'normal', name: '' }],
    ['a name has at most 128 characters', 'POST', '', { app_type: 'normal', name: `${long}字` }],
    ['a name is a string', 'POST', '', { app_type: 'normal', name: 5 }],
    ['a connector app needs a connector_id', 'POST', '', { app_type: 'connector' }],
    [
      'create takes no callback_url',
      'POST',
      '',
      { app_type: 'normal', name: 'a', callback_url: 'https://a.example' },
    ],
    ['a body is an object', 'POST', '', []],
    ['a body is JSON', 'POST', '', '{"app_type":'],
    ['page_size is at least 1', 'GET', '?page_size=0', undefined],
    ['page_size is at most 50', 'GET', '?page_size=51', undefined],
    ['page_size is a whole number', 'GET', '?page_size=1.5', undefined],
    ['page_token is one of ours', 'GET', '?page_token=nonsense', undefined],
    ['the app_type filter is a closed enum', 'GET', '?app_type=other', undefined],
  ];

  it.each(cases)('answers 4000 because %s', async (_reason, method, target, body) => {
    expect(await call(method, `/v1/api_apps${target}`, body)).toMatchObject({
      status: 400,
      json: { code: 4000 },
    });
    expect(sandbox.apps()).toEqual([]);
  });

  const onApp: readonly (readonly [reason: string, method: string, tail: string, body: unknown])[] = [
    ['a URL is absolute', 'PUT', '', { callback_url: 'hooks.example.com' }],
    ['a URL is http or https', 'PUT', '', { callback_url: 'ftp://hooks.example.com' }],
    ['update takes no app_type', 'PUT', '', { app_type: 'connector' }],
    ['a new name has at most 128 characters', 'PUT', '', { name: `${long}字` }],
    ['event_types is required', 'POST', '/events', {}],
    ['event_types is not empty', 'POST', '/events', { event_types: [] }],
    ['event_types holds strings', 'POST', '/events', { event_types: [1] }],
    ['an event type exists', 'POST', '/events', { event_types: ['bot.exploded'] }],
    [
      'an event type is none of the words that objects know',
      'POST',
      '/events',
      { event_types: ['toString'] },
    ],
    ['unsubscribe needs its body too', 'DELETE', '/events', undefined],
  ];

  it.each(onApp)('answers 4000 on an app because %s', async (_reason, method, tail, body) => {
    const id = await createApp();
    const before = sandbox.apps();
    const reply = await call(method, `/v1/api_apps/${id}${tail}`, body);
    expect(reply).toMatchObject({ status: 400, json: { code: 4000 } });
    expect(sandbox.apps()).toEqual(before);
  });

  it('counts the characters of a name, not its UTF-16 units', async () => {
    const name = '😀'.repeat(128);
    expect((await call('POST', '/v1/api_apps', { app_type: 'normal', name })).json.data.name).toBe(name);
  });

  it('answers 4200 for every operation on an id it does not hold', async () => {
    const events = { event_types: ['bot.deleted'] };
    const replies = [
      await call('PUT', `/v1/api_apps/${UNKNOWN_ID}`, { name: 'a' }),
      await call('DELETE', `/v1/api_apps/${UNKNOWN_ID}`),
      await call('GET', `/v1/api_apps/${UNKNOWN_ID}/events`),
      await call('POST', `/v1/api_apps/${UNKNOWN_ID}/events`, events),
      await call('DELETE', `/v1/api_apps/${UNKNOWN_ID}/events`, events),
    ];
    expect(replies.map(({ status, json }) => [status, json.code])).toEqual(replies.map(() => [404, 4200]));
  });

  it('answers 404 with 4000 for a route it does not have, like the real one', async () => {
    for (const [method, path] of [
      ['GET', `/v1/api_apps/${UNKNOWN_ID}`],
      ['PATCH', '/v1/api_apps'],
      ['GET', '/v2/api_apps'],
      ['POST', `/v1/api_apps/${UNKNOWN_ID}/events/more`],
      ['POST', '/api/permission/oauth2/token'],
    ] as const) {
      expect(await call(method, path, {})).toMatchObject({ status: 404, json: { code: 4000 } });
    }
  });

  it('wants JSON to be announced', async () => {
    const headers = { authorization: 'Bearer pat_sandbox' };
    const body = '{"app_type":"normal","name":"a"}';
    const result = await sandbox.handle({ method: 'POST', path: '/v1/api_apps', query: '', headers, body });
    expect(result).toMatchObject({ status: 400 });
  });
});

describe('tokens, accounts and permissions', () => {
  beforeEach(() =>
    open({
      accounts: [
        { name: 'main', tokens: [{ token: 'all' }, { token: 'reader', permissions: ['listApiApp'] }] },
        {
          name: 'other',
          tokens: [{ token: 'theirs', expiresAt: START + 1000 }],
          channels: { '77': '渠道甲' },
        },
      ],
    }),
  );

  it.each(['', 'wrong', 'pat_sandbox'])('refuses the token "%s" with 401', async (token) => {
    expect(await call('GET', '/v1/api_apps', undefined, token)).toMatchObject({
      status: 401,
      json: { code: 700012006, msg: 'access token invalid' },
    });
  });

  it('lets a token do what its permissions say, listing events with the key of listing apps', async () => {
    const { id } = (await call('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' }, 'all')).json.data;
    expect((await call('GET', '/v1/api_apps', undefined, 'reader')).json.code).toBe(0);
    expect((await call('GET', `/v1/api_apps/${id}/events`, undefined, 'reader')).json.code).toBe(0);
    expect(await call('DELETE', `/v1/api_apps/${id}`, undefined, 'reader')).toMatchObject({
      status: 403,
      json: { code: 4101, msg: 'no permission for deleteApiApp' },
    });
  });

  it('hides the apps of one account from another', async () => {
    const { id } = (await call('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' }, 'all')).json.data;
    expect((await call('GET', '/v1/api_apps', undefined, 'theirs')).json.data.items).toEqual([]);
    expect((await call('DELETE', `/v1/api_apps/${id}`, undefined, 'theirs')).json.code).toBe(4200);
  });

  it('forgets a token that is revoked or expired', async () => {
    expect((await call('GET', '/v1/api_apps', undefined, 'theirs')).status).toBe(200);
    await settle(clock, clock.sleep(1000));
    expect((await call('GET', '/v1/api_apps', undefined, 'theirs')).status).toBe(401);
    sandbox.access.revoke('all');
    expect((await call('GET', '/v1/api_apps', undefined, 'all')).status).toBe(401);
  });

  it('names a connector app after its channel and refuses a channel the account does not have', async () => {
    const connector = (connector_id: string) =>
      call('POST', '/v1/api_apps', { app_type: 'connector', connector_id }, 'theirs');
    expect((await connector('77')).json.data).toMatchObject({ name: '渠道甲', connector_id: '77' });
    expect((await connector('77')).json.code).toBe(4000);
    expect((await connector('78')).json.code).toBe(4000);
  });
});

describe('numbers and listing', () => {
  it('issues 19-digit rising ids, 64-character tokens and logids that never repeat', async () => {
    const apps = [];
    for (let i = 0; i < 300; i += 1) {
      apps.push((await call('POST', '/v1/api_apps', { app_type: 'normal', name: `a${i}` })).json);
    }
    const ids: string[] = apps.map((app) => app.data.id);
    for (const id of ids) expect(id).toMatch(/^\d{19}$/);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(300);
    for (const { data, detail } of apps) {
      expect(data.verify_token).toMatch(/^[A-Za-z0-9]{64}$/);
      expect(detail.logid).toMatch(/^20260115160000[0-9A-F]{18}$/);
    }
    expect(new Set(apps.map((app) => app.data.verify_token)).size).toBe(300);
    expect(new Set(apps.map((app) => app.detail.logid)).size).toBe(300);
  });

  it('gives equal worlds for equal seeds', async () => {
    const first = (await call('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' })).text;
    open();
    expect((await call('POST', '/v1/api_apps', { app_type: 'normal', name: 'a' })).text).toBe(first);
  });

  it.each(['creation', 'newest', 'random'] as const)(
    'pages through every app once in %s order, filtered or not',
    async (listOrder) => {
      open({ switches: { listOrder } });
      const edits = sandbox.console();
      const normal = Array.from({ length: 120 }, (_, i) => edits.create({ name: `n${i}` }));
      const connector = Array.from({ length: 70 }, (_, i) =>
        edits.create({ appType: 'connector', connectorId: `${1000 + i}` }),
      );
      const all = await listIds();
      expect([...all].sort()).toEqual([...normal, ...connector].sort());
      expect([...(await listIds('&app_type=normal&page_size=7'))].sort()).toEqual([...normal].sort());
      expect([...(await listIds('&app_type=connector'))].sort()).toEqual([...connector].sort());
      if (listOrder === 'creation') expect(all).toEqual([...normal, ...connector]);
      if (listOrder === 'newest') expect(all).toEqual([...normal, ...connector].reverse());
      if (listOrder === 'random') expect(all).not.toEqual([...normal, ...connector]);
    },
  );

  it('pages through the subscriptions of an app one by one', async () => {
    const events = ['bot.published', 'bot.deleted', 'benefit.usage'];
    const id = sandbox.console().create({ name: 'a', events });
    const seen: string[] = [];
    for (let token = '', pages = 0; pages < 5; pages += 1) {
      const target = `/v1/api_apps/${id}/events?page_size=1&page_token=${encodeURIComponent(token)}`;
      const { data } = (await call('GET', target)).json;
      expect(data.items).toHaveLength(1);
      seen.push(data.items[0].event_type);
      if (!data.has_more) break;
      token = data.next_page_token;
    }
    expect(seen).toEqual(events);
  });

  it('lags behind as long as it is told to, and not a millisecond longer', async () => {
    open({ switches: { appearLagMs: 500, disappearLagMs: 300, updateLagMs: 200 } });
    const id = await createApp('before');
    expect(await listIds()).toEqual([]);
    await settle(clock, clock.sleep(499));
    expect(await listIds()).toEqual([]);
    await settle(clock, clock.sleep(1));
    expect(await listIds()).toEqual([id]);
    await call('PUT', `/v1/api_apps/${id}`, { name: 'after' });
    expect((await call('GET', '/v1/api_apps')).json.data.items[0].name).toBe('before');
    await settle(clock, clock.sleep(200));
    expect((await call('GET', '/v1/api_apps')).json.data.items[0].name).toBe('after');
    await call('DELETE', `/v1/api_apps/${id}`);
    expect(await listIds()).toEqual([id]);
    expect((await call('GET', `/v1/api_apps/${id}/events`)).json.code).toBe(4200);
    await settle(clock, clock.sleep(300));
    expect(await listIds()).toEqual([]);
  });
});

describe('what is free again', () => {
  const connector = () => call('POST', '/v1/api_apps', { app_type: 'connector', connector_id: '77' });

  it('is a name after its app was renamed or deleted, however that happened', async () => {
    open({ switches: { uniqueNames: true } });
    const id = await createApp('orders');
    const taken = await call('POST', '/v1/api_apps', { app_type: 'normal', name: 'orders' });
    expect(taken.json.code).toBe(4000);
    expect((await call('PUT', `/v1/api_apps/${id}`, { name: 'orders' })).json.code).toBe(0);
    sandbox.console().rename(id, 'billing');
    const second = await createApp('orders');
    await call('DELETE', `/v1/api_apps/${second}`);
    expect(await createApp('orders')).toMatch(/^\d+$/);
    expect((await call('PUT', `/v1/api_apps/${id}`, { name: 'orders' })).json.code).toBe(4000);
  });

  it('is a channel after its app was deleted', async () => {
    const { id } = (await connector()).json.data;
    expect((await connector()).json.code).toBe(4000);
    await call('DELETE', `/v1/api_apps/${id}`);
    expect((await connector()).json.code).toBe(0);
  });

  it('is the receiver of a deleted or unsubscribed app: nothing is sent to it any more', async () => {
    const app = { callbackUrl: 'https://a.example', events: ['bot.deleted'] };
    const ids = ['a', 'b', 'c'].map((name) => sandbox.console().create({ ...app, name }));
    await call('DELETE', `/v1/api_apps/${ids[0]}`);
    await call('DELETE', `/v1/api_apps/${ids[1]}/events`, { event_types: ['bot.deleted'] });
    const reports = await settle(clock, sandbox.publish({ eventType: 'bot.deleted' }));
    expect(reports.map((report) => report.appId)).toEqual([ids[2]]);
  });
});

it('turns away too many requests with 429 even where other failures come with 200', async () => {
  open({ switches: { errorStyle: 'code_in_200' }, rateLimit: { perSecond: 1 } });
  expect((await call('POST', '/v1/api_apps', {})).status).toBe(200);
  expect(await call('GET', '/v1/api_apps')).toMatchObject({ status: 429, json: { code: 4020 } });
});

it('takes as long as it is told before it looks at a request', async () => {
  open({ latencyMs: { min: 100, max: 200 } });
  for (let i = 1; i <= 20; i += 1) {
    const before = clock.monotonic();
    await settle(clock, createApp(`a${i}`));
    expect(clock.monotonic() - before).toBeGreaterThanOrEqual(100);
    expect(clock.monotonic() - before).toBeLessThanOrEqual(200);
  }
});

it('remembers as many requests as it is told and counts them all', async () => {
  open({ recordsKept: 3 });
  const replies = [];
  for (let i = 0; i < 5; i += 1) replies.push(await call('GET', '/v1/api_apps'));
  const latest = replies.slice(2).map((reply) => reply.json.detail.logid);
  expect(sandbox.records.list().map((record) => record.logid)).toEqual(latest);
  expect(sandbox.records.total).toBe(5);
});

describe('an app under random use', () => {
  it('always holds what the last successful writes said', async () => {
    const names = fc.constantFrom('a', 'b', '', '字'.repeat(129));
    const step = fc.oneof(
      fc.record({ verb: fc.constant('PUT' as const), name: names }),
      fc.record({
        verb: fc.constantFrom('POST', 'DELETE'),
        event: fc.constantFrom('bot.deleted', 'bot.published', 'x'),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        open();
        const id = await createApp('start');
        let name = 'start';
        const events = new Set<string>();
        for (const it of steps) {
          const [tail, body] =
            'name' in it ? ['', { name: it.name }] : ['/events', { event_types: [it.event] }];
          const { code } = (await call(it.verb, `/v1/api_apps/${id}${tail}`, body)).json;
          if (code !== 0) continue;
          if ('name' in it) name = it.name;
          else if (it.verb === 'POST') events.add(it.event);
          else events.delete(it.event);
        }
        expect(sandbox.apps()).toMatchObject([{ id, name, events: [...events].sort() }]);
        const listed = (await call('GET', `/v1/api_apps/${id}/events?page_size=1`)).json.data;
        expect(listed.has_more).toBe(events.size > 1);
      }),
    );
  });
});
