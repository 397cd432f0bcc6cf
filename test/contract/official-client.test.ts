/** The vendor's own JavaScript client talks to the sandbox: all seven endpoints through its generic methods. */

import { CozeAPI } from '@coze/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { createHttpClient, type HttpClient } from '../../src/lib/http-client.ts';
import { type StartedSandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { seededRandom } from '../builders/call-sandbox.ts';

interface Envelope<Data> {
  readonly code: number;
  readonly msg: string;
  readonly data: Data;
  readonly detail: { readonly logid: string };
}
interface App {
  readonly id: string;
  readonly name?: string;
  readonly app_type: string;
  readonly verify_token: string;
  readonly callback_url?: string;
}
interface Page<Item> {
  readonly items: readonly Item[];
  readonly has_more: boolean;
  readonly next_page_token?: string;
}
type Events = Page<{ readonly event_type: string; readonly api_app_id: string }>;

let transport: HttpClient;
let started: StartedSandbox;
let client: CozeAPI;

beforeEach(async () => {
  transport = createHttpClient({ connectionsMax: 2 });
  started = await startSandbox({ clock: systemClock, random: seededRandom(9), transport, port: 0 });
  client = new CozeAPI({
    token: started.token,
    baseURL: started.url,
    allowPersonalAccessTokenInBrowser: true,
  });
});

afterEach(async () => {
  await started.close();
  transport.close();
});

describe('@coze/api on the sandbox', () => {
  it('leads an app through all seven endpoints', async () => {
    const created = await client.post<unknown, Envelope<App>>('/v1/api_apps', {
      app_type: 'normal',
      name: '订单回调应用',
    });
    const { id } = created.data;
    expect(created).toMatchObject({ code: 0, data: { app_type: 'normal', name: '订单回调应用' } });
    const callback_url = started.receiverUrl('orders');
    await client.put(`/v1/api_apps/${id}`, { callback_url });
    await client.post(`/v1/api_apps/${id}/events`, { event_types: ['bot.published', 'bot.deleted'] });
    // Its `delete` has no body parameter, so unsubscribing takes the method beneath.
    const gone = { event_types: ['bot.deleted'] };
    await client.makeRequest(`/v1/api_apps/${id}/events`, 'DELETE', gone);
    const events = await client.get<unknown, Envelope<Events>>(`/v1/api_apps/${id}/events`);
    expect(events.data.items).toMatchObject([{ event_type: 'bot.published', api_app_id: id }]);
    const listed = await client.get<unknown, Envelope<Page<App>>>('/v1/api_apps');
    expect(listed.data.items).toEqual([{ ...created.data, callback_url }]);
    await client.delete(`/v1/api_apps/${id}`);
    expect(started.sandbox.apps()).toEqual([]);
  });

  it('pages by token, which it puts into the query as it is', async () => {
    for (let i = 0; i < 120; i += 1) started.sandbox.console().create({ name: `app ${i}` });
    const ids: string[] = [];
    for (let page_token = ''; ; ) {
      const query = { page_token, page_size: 50 };
      const { data } = await client.get<unknown, Envelope<Page<App>>>('/v1/api_apps', query);
      ids.push(...data.items.map((app) => app.id));
      if (!data.has_more) break;
      page_token = data.next_page_token ?? '';
    }
    expect(ids).toEqual(started.sandbox.apps().map((app) => app.id));
  });

  it('raises its own error classes, with our code, message and logid', async () => {
    const wrong = new CozeAPI({ token: 'pat_wrong', baseURL: started.url });
    await expect(wrong.get('/v1/api_apps')).rejects.toMatchObject({
      name: 'AuthenticationError',
      status: 401,
      code: 700012006,
    });
    const missing = client.delete('/v1/api_apps/7599999999999999999');
    await expect(missing).rejects.toBeInstanceOf(CozeAPI.NotFoundError);
    await expect(client.post('/v1/api_apps', {})).rejects.toBeInstanceOf(CozeAPI.BadRequestError);
    started.sandbox.configure({ errorStyle: 'code_in_200' });
    const refused = client.post('/v1/api_apps', {});
    await expect(refused).rejects.toMatchObject({ code: 4000, logid: expect.stringMatching(/^\w{32}$/) });
  });
});
