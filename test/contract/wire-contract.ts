/**
 * What callbackd relies on that the vendor documents, as seen on the wire. The strictness is that of the official Python
 * client's models: what they require must be there, or that client could not talk to the sandbox.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContractSubject, exchange } from './subject.ts';

/** Fields that coze-py 0.20 requires of an app, of a page and of a subscription. */
const STRICT_APP = {
  id: expect.stringMatching(/^\d{16,20}$/),
  app_type: expect.stringMatching(/^(normal|connector)$/),
  verify_token: expect.stringMatching(/^\S{16,}$/),
};
const STRICT_EVENT = {
  name: expect.any(String),
  description: expect.any(String),
  event_type: expect.any(String),
  api_app_id: expect.any(String),
};

export function describeWireContract(
  title: string,
  open: () => Promise<ContractSubject> | ContractSubject,
): void {
  describe(`the wire of ${title}`, () => {
    let subject: ContractSubject;
    const made: string[] = [];
    const send = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', target: string, body?: unknown) =>
      exchange(subject, method, { target, body });
    const create = async (name: string): Promise<{ id: string; verify_token: string }> => {
      const reply = await send('POST', '/v1/api_apps', {
        app_type: 'normal',
        name: subject.namePrefix + name,
      });
      made.push(reply.json.data.id);
      return reply.json.data;
    };
    const list = async (query = '') => {
      const items: { id: string; name: string; verify_token: string }[] = [];
      for (let token = ''; ; ) {
        const target = `/v1/api_apps?page_token=${encodeURIComponent(token)}${query}`;
        const { data } = (await send('GET', target)).json;
        items.push(...data.items);
        if (!data.has_more) return items;
        token = data.next_page_token;
      }
    };

    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => {
      for (const id of made) await send('DELETE', `/v1/api_apps/${id}`);
      await subject.close();
    });

    it('wraps every reply in code, msg and a logid that the header repeats', async () => {
      const replies = [
        await send('GET', '/v1/api_apps'),
        await send('POST', '/v1/api_apps', {}),
        await send('DELETE', '/v1/api_apps/1000000000000000001'),
      ];
      for (const { json, headers } of replies) {
        expect(Number.isInteger(Number(json.code))).toBe(true);
        expect(typeof json.msg).toBe('string');
        expect(json.detail.logid).toMatch(/^\w{20,}$/);
        expect(headers['x-tt-logid']).toBe(json.detail.logid);
      }
      expect(new Set(replies.map((reply) => reply.json.detail.logid)).size).toBe(3);
      expect(replies.map((reply) => Number(reply.json.code) === 0)).toEqual([true, false, false]);
    });

    it('answers a create with the whole app, its id a string of digits', async () => {
      const app = await create('created');
      expect(app).toMatchObject({ ...STRICT_APP, app_type: 'normal', name: `${subject.namePrefix}created` });
      expect(app).not.toHaveProperty('callback_url');
    });

    it('lists what was created with the same verify_token, in pages a strict model accepts', async () => {
      const app = await create('listed');
      const { data } = (await send('GET', '/v1/api_apps?page_size=50')).json;
      expect(typeof data.has_more).toBe('boolean');
      for (const item of data.items) expect(item).toMatchObject(STRICT_APP);
      expect(await list()).toContainEqual(expect.objectContaining(app));
    });

    it('takes an empty page_token for the first page, as the Python client sends it', async () => {
      const first = await send('GET', '/v1/api_apps?page_size=20&page_token=');
      expect(first.json).toMatchObject({ code: 0 });
    });

    it('pages by token to the end without showing an app twice', async () => {
      for (const name of ['p1', 'p2', 'p3']) await create(name);
      const ids = (await list('&page_size=1')).map((app) => app.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(made));
    });

    it('filters by app_type', async () => {
      const { id } = await create('filtered');
      expect((await list('&app_type=normal')).map((app) => app.id)).toContain(id);
      expect((await list('&app_type=connector')).map((app) => app.id)).not.toContain(id);
    });

    it('refuses a page_size outside 1 to 50', async () => {
      for (const size of [0, 51]) {
        expect(Number((await send('GET', `/v1/api_apps?page_size=${size}`)).json.code)).not.toBe(0);
      }
    });

    it('changes only the fields an update sends, and never the verify_token', async () => {
      const { id, verify_token } = await create('before');
      const name = `${subject.namePrefix}after`;
      expect((await send('PUT', `/v1/api_apps/${id}`, { name })).json).toMatchObject({ code: 0 });
      const listed = (await list()).find((app) => app.id === id);
      expect(listed).toMatchObject({ id, name, verify_token, app_type: 'normal' });
      expect(listed).not.toHaveProperty('callback_url');
    });

    it('refuses a URL whose receiver does not echo the challenge, and does not set it', async () => {
      const { id } = await create('challenged');
      const reply = await send('PUT', `/v1/api_apps/${id}`, { callback_url: subject.brokenReceiverUrl });
      expect(Number(reply.json.code)).not.toBe(0);
      expect((await list()).find((app) => app.id === id)).not.toHaveProperty('callback_url');
    });

    it('adds and removes subscriptions, and lists them as a strict model wants them', async (test) => {
      if (subject.receiver === undefined) return test.skip('no receiver');
      const { id } = await create('subscribed');
      await send('PUT', `/v1/api_apps/${id}`, { callback_url: subject.receiver.url });
      const events = `/v1/api_apps/${id}/events`;
      await send('POST', events, { event_types: ['bot.published'] });
      await send('POST', events, { event_types: ['bot.deleted', 'bot.unpublished'] });
      await send('DELETE', events, { event_types: ['bot.published'] });
      const { data } = (await send('GET', events)).json;
      expect(typeof data.has_more).toBe('boolean');
      for (const item of data.items) expect(item).toMatchObject({ ...STRICT_EVENT, api_app_id: id });
      const types = data.items.map((item: { event_type: string }) => item.event_type);
      expect(types.sort()).toEqual(['bot.deleted', 'bot.unpublished']);
    });

    it('creates nothing from a create that it refuses', async () => {
      const before = (await list()).length;
      const name = `${subject.namePrefix}${'x'.repeat(129)}`;
      const reply = await send('POST', '/v1/api_apps', { app_type: 'normal', name });
      expect(Number(reply.json.code)).not.toBe(0);
      expect(await list()).toHaveLength(before);
    });

    it('says of a deleted app that it is not there', async () => {
      const { id } = await create('deleted');
      expect((await send('DELETE', `/v1/api_apps/${id}`)).json).toMatchObject({ code: 0 });
      expect((await list()).map((app) => app.id)).not.toContain(id);
      expect(Number((await send('DELETE', `/v1/api_apps/${id}`)).json.code)).toBe(4200);
    });

    it('refuses a wrong token without saying anything of the account', async () => {
      const reply = await exchange(subject, 'GET', { target: '/v1/api_apps', token: 'pat_wrong' });
      expect([4100, 4101, 700012006]).toContain(Number(reply.json.code));
      expect(reply.json.data ?? null).toBeNull();
    });
  });
}
