/** A platform client against a real HTTP server on loopback that answers from a script. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { createHttpClient } from '../lib/http-client.ts';
import { type CallContext, type CallReport, PlatformError } from '../model/calls.ts';
import { asAppId } from '../model/identity.ts';
import { createPlatform, type PacedPlatform } from './create-platform.ts';
import { createSecretGate } from './secret-gate.ts';
import { createTokenFromEnvironment } from './token-file.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let script: Answer[];
let seen: Seen[];
let reports: CallReport[];
let platform: PacedPlatform;
const transport = createHttpClient({ connectionsMax: 4 });
const context: CallContext = { signal: new AbortController().signal };

beforeEach(async () => {
  script = [];
  seen = [];
  reports = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    const answer = script.shift() ?? { status: 500, body: 'the script is over' };
    response.writeHead(answer.status ?? 200, { 'x-tt-logid': `log-${seen.length}`, ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  platform = createPlatform({
    settings: {
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      timeoutMs: 2_000,
      concurrency: 4,
      maxRequestsPerSecond: 1_000,
    },
    tokens: createTokenFromEnvironment('COZE_API_TOKEN', 'pat_secret'),
    transport,
    clock: systemClock,
    random: () => 0,
    onCall: (report) => reports.push(report),
    userAgent: 'callbackd/test',
    gate: createSecretGate(),
  });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('the platform client', () => {
  it('reads a page of apps with the token, page size and encoded page token on the wire', async () => {
    script = [
      {
        body: '{"code":"0","data":{"items":[{"id":7512345678901234567,"app_type":"normal","name":"n","verify_token":"vt"}],"has_more":true,"next_page_token":"a b&c="},"detail":{"logid":"body-logid"}}',
      },
    ];
    const page = await platform.listApps('x/y&z', context);
    expect(page).toMatchObject({ hasMore: true, nextPageToken: 'a b&c=' });
    expect(page.items[0]).toMatchObject({ id: '7512345678901234567', appType: 'normal', name: 'n' });
    expect(page.items[0]?.verifyToken.reveal()).toBe('vt');
    expect(seen[0]?.url).toBe('/v1/api_apps?page_size=50&page_token=x%2Fy%26z');
    expect(seen[0]?.headers.authorization).toBe('Bearer pat_secret');
    expect(reports).toMatchObject([
      { operation: 'list_apps', status: 200, code: 0, logid: 'body-logid', attempt: 1 },
    ]);
  });

  it('repeats a listing after a server error and reports every attempt', async () => {
    script = [{ status: 502, body: '<html>' }, { body: { code: 0, data: { has_more: false } } }];
    expect(await platform.listApps('', context)).toEqual({ items: [], hasMore: false, nextPageToken: '' });
    expect(reports.map(({ attempt, failure }) => [attempt, failure])).toEqual([
      [1, 'transient'],
      [2, undefined],
    ]);
  });

  it('never repeats a create that may have been processed', async () => {
    script = [{ status: 502, body: '<html>' }, { body: { code: 0, data: { id: '1', verify_token: 't' } } }];
    const failure = await platform.createApp({ appType: 'normal', name: 'n' }, context).catch((e) => e);
    expect(failure).toBeInstanceOf(PlatformError);
    expect(failure.details).toMatchObject({
      kind: 'unknown_outcome',
      status: 502,
      logid: 'log-1',
      attempts: 1,
    });
    expect(seen).toHaveLength(1);
  });

  it('repeats a create that the rate limit refused', async () => {
    script = [
      { status: 429, body: 'slow down' },
      { body: { code: 0, data: { id: '7512345678901234567', app_type: 'normal', verify_token: 't' } } },
    ];
    const created = await platform.createApp({ appType: 'normal', name: 'n' }, context);
    expect(created.id).toBe('7512345678901234567');
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual({ app_type: 'normal', name: 'n' });
  });

  it('takes a delete of an app that is gone as done', async () => {
    script = [{ body: { code: 4200, msg: 'not found' } }];
    expect(await platform.deleteApp(asAppId('7'), context)).toBe('already_gone');
  });

  it('sends the body of an unsubscribe with the DELETE', async () => {
    script = [{ body: { code: 0, msg: '' } }];
    await platform.unsubscribeEvents(asAppId('7'), ['bot.published'], context);
    expect(seen[0]).toMatchObject({
      method: 'DELETE',
      url: '/v1/api_apps/7/events',
      body: '{"event_types":["bot.published"]}',
    });
  });
});
