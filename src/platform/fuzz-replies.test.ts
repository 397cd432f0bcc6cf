/**
 * Real replies, mutated: nodes swapped for junk, keys lost, text cut, bytes flipped, with any status.
 * Whatever comes, a call ends in a result or a PlatformError, and a result only where an oracle that knows
 * nothing of our parser agrees. 2,000 cases by default; CALLBACKD_FUZZ_RUNS=50000 for the long run.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import type { HttpReply } from '../lib/http-transport.ts';
import { type CallContext, PlatformError } from '../model/calls.ts';
import { asAppId } from '../model/identity.ts';
import { Secret } from '../model/secret.ts';
import { createPlatform, type PacedPlatform } from './create-platform.ts';
import type { AppPage, CreatedApp, EventPage } from './ports.ts';
import { createSecretGate } from './secret-gate.ts';

const RUNS = Number(process.env['CALLBACKD_FUZZ_RUNS'] ?? 2_000);
const TOKEN = 'v'.repeat(60);
const APP = {
  id: '7512345678901234567',
  app_type: 'normal',
  name: '订单',
  verify_token: TOKEN,
  callback_url: '',
};
const CONNECTOR = {
  id: '7512345678901234568',
  app_type: 'connector',
  connector_id: '10',
  verify_token: '**',
};
const envelope = (data: unknown) => ({ code: 0, msg: '', data, detail: { logid: '20260301' } });
const SHAPES: readonly object[] = [
  envelope({ items: [APP, CONNECTOR], has_more: true, next_page_token: 'eyJ' }),
  envelope({ items: [{ event_type: 'bot.published', name: 'n', api_app_id: APP.id }], has_more: false }),
  envelope({ items: [], has_more: false }),
  envelope(APP),
  { code: 0, msg: '' },
  { code: 4200, msg: 'not found', detail: { logid: 'L' } },
  { code: 700012006, msg: 'access token invalid' },
  { error_code: 'invalid_client', error_message: 'no' },
];

const junk = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    '',
    '0',
    '-0',
    '00',
    'true',
    '../x',
    '1e3',
    [],
    {},
    [[]],
    -1,
    0.1,
    5000,
    429,
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    APP,
    [APP],
    Array.from({ length: 51 }, () => APP),
  ),
);
const nodeMutation = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'rename'),
  with: junk,
});
const textMutation = fc.oneof(
  { weight: 4, arbitrary: fc.constant((text: string) => text) },
  fc.nat().map((at) => (text: string) => text.slice(0, at % (text.length + 1))),
  fc.tuple(fc.nat(), fc.string({ maxLength: 3 })).map(([at, more]) => (text: string) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + more + text.slice(cut);
  }),
  fc.constant((text: string) => text.replace(/"(\d{19})"/g, '$1')),
  fc.constantFrom('\uFEFF', ' \n', '<html>', ")]}',", '[').map((before) => (text: string) => before + text),
);
const replyText = fc
  .tuple(fc.constantFrom(...SHAPES), fc.array(nodeMutation, { maxLength: 3 }), textMutation)
  .map(([shape, mutations, mutateText]) => {
    const root = structuredClone(shape);
    for (const mutation of mutations) mutateNode(root, mutation);
    return mutateText(JSON.stringify(root));
  });
const bytes = fc.oneof(
  { weight: 6, arbitrary: replyText.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw)) },
  {
    weight: 1,
    arbitrary: fc.tuple(replyText, fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
      const raw = Buffer.from(text);
      if (raw.length > 0) raw[at % raw.length] = byte;
      return raw;
    }),
  },
);
const replies: fc.Arbitrary<HttpReply> = fc.record({
  status: fc.oneof(
    { weight: 6, arbitrary: fc.constant(200) },
    fc.constantFrom(201, 204, 299, 302, 400, 401, 403, 404, 408, 429, 500, 502, 503),
  ),
  headers: fc.oneof(
    fc.constant({ 'content-type': 'application/json' }),
    fc.dictionary(
      fc.constantFrom('content-type', 'x-tt-logid', 'retry-after', 'date', 'content-encoding', 'location'),
      fc.oneof(fc.string(), fc.constantFrom('5', 'gzip', 'text/html', 'Sun, 01 Mar 2026 12:00:00 GMT')),
    ),
  ),
  body: bytes,
});

describe('a mutated reply', { timeout: 20_000 + RUNS * 10 }, () => {
  it('to a listing is refused, or is every item that stands in it', async () => {
    await fuzz((platform, context) => platform.listApps('', context), expectAppPage);
  });

  it('to a listing of events is refused, or is every event type that stands in it', async () => {
    await fuzz((platform, context) => platform.listEvents(asAppId('7'), '', context), expectEventPage);
  });

  it('to a create is refused, or holds the id that was created', async () => {
    await fuzz(
      (platform, context) => platform.createApp({ appType: 'normal', name: 'n' }, context),
      expectCreated,
    );
  });

  it('to a write is refused, or says that it succeeded', async () => {
    await fuzz(
      (platform, context) => platform.updateApp(asAppId('7'), { name: 'n' }, context),
      () => undefined,
    );
  });
});

/**
 * Every result must pass the oracle of success and `expectResult`; everything else must be a PlatformError.
 */
async function fuzz<Result>(
  call: (platform: PacedPlatform, context: CallContext) => Promise<Result>,
  expectResult: (result: Result, data: unknown, reply: HttpReply) => void,
): Promise<void> {
  let successes = 0;
  const check = async (reply: HttpReply) => {
    const sent = { count: 0 };
    const outcome = await call(createPlatformThatGets(reply, sent), {
      signal: new AbortController().signal,
    }).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ('error' in outcome) {
      expect(outcome.error).toBeInstanceOf(PlatformError);
      expect(JSON.stringify(outcome.error)).not.toContain(TOKEN.slice(0, 50));
      const { details } = outcome.error as PlatformError;
      if (details.operation === 'create_app' && details.kind === 'unknown_outcome')
        expect(sent.count).toBe(1);
      return;
    }
    successes += 1;
    const data = expectSuccess(reply);
    expectResult(outcome.value, data, reply);
  };
  await fc.assert(fc.asyncProperty(replies, check), { numRuns: Math.ceil(RUNS / 4) });
  // A fuzz test that never gets through proves nothing about success.
  expect(successes).toBeGreaterThan(RUNS / 400);
}

function createPlatformThatGets(reply: HttpReply, sent: { count: number }): PacedPlatform {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  return createPlatform({
    settings: {
      baseUrl: 'https://api.coze.cn',
      timeoutMs: 1_000,
      concurrency: 1,
      maxRequestsPerSecond: 1_000,
    },
    tokens: { current: async () => new Secret('pat_secret'), renew: async () => false },
    transport: {
      send: async () => {
        sent.count += 1;
        return reply;
      },
    },
    clock,
    random: () => 0,
    onCall: () => undefined,
    userAgent: 'callbackd/test',
    gate: createSecretGate(),
  });
}

/** The oracle: 2xx, valid UTF-8, JSON, an object, code zero. Returns `data` with every integer as text. */
function expectSuccess(reply: HttpReply): unknown {
  expect(reply.status).toBeGreaterThanOrEqual(200);
  expect(reply.status).toBeLessThan(300);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(reply.body);
  const body: unknown = JSON.parse(text);
  expect(typeof body === 'object' && body !== null && !Array.isArray(body)).toBe(true);
  const { code, data } = body as { code: unknown; data: unknown };
  expect(typeof code === 'string' ? /^-?0+$/.test(code) : Object.is(code, 0) || Object.is(code, -0)).toBe(
    true,
  );
  return data ?? undefined;
}

interface WirePage {
  readonly items?: readonly Record<string, unknown>[] | null;
  readonly has_more?: unknown;
  readonly next_page_token?: unknown;
}

function expectPage(page: { hasMore: boolean; nextPageToken: string }, data: WirePage | undefined): void {
  const token = data?.next_page_token ?? '';
  expect(page.nextPageToken).toBe(typeof token === 'number' ? page.nextPageToken : token);
  const isEnd =
    data?.has_more === false || (data?.has_more == null && token === '' && (data?.items ?? []).length < 50);
  expect(page.hasMore).toBe(!isEnd);
}

function expectAppPage(page: AppPage, data: unknown, reply: HttpReply): void {
  const wire = data as WirePage | undefined;
  expectPage(page, wire);
  const items = wire?.items ?? [];
  expect(page.items).toHaveLength(items.length);
  for (const [index, app] of page.items.entries()) {
    expectId(app.id, items[index]?.['id'], reply);
    expect(app.appType).toBe(items[index]?.['app_type']);
    expect(JSON.stringify(app)).not.toContain(TOKEN);
    expect(app.callbackUrl).not.toBe('');
  }
}

function expectEventPage(page: EventPage, data: unknown): void {
  const wire = data as WirePage | undefined;
  expectPage(page, wire);
  expect(page.eventTypes).toEqual((wire?.items ?? []).map((item) => item['event_type']));
}

function expectCreated(created: CreatedApp, data: unknown, reply: HttpReply): void {
  expectId(created.id, (data as Record<string, unknown>)['id'], reply);
}

/** The id as it stands in the text, digit by digit, even where JSON.parse would round it. */
function expectId(id: string, wire: unknown, reply: HttpReply): void {
  if (typeof wire === 'string') expect(id).toBe(wire);
  else expect(Number(id)).toBe(wire);
  expect(Buffer.from(reply.body).toString()).toContain(id);
}

function mutateNode(root: object, mutation: { at: number; how: string; with: unknown }): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit(value);
    }
  };
  visit(root);
  const place = places[mutation.at % Math.max(1, places.length)];
  if (place === undefined) return;
  const [node, key] = place;
  const junkThere = structuredClone(mutation.with);
  if (mutation.how === 'replace') node[key] = junkThere;
  else delete node[key];
  if (mutation.how === 'rename') node[`${key}_`] = junkThere;
}
