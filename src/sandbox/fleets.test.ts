import { expect, it } from 'vitest';
import { createCaller, seededRandom } from '../../test/builders/call-sandbox.ts';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { createSandbox } from './sandbox.ts';
import { FLEETS, listFleet, populate } from './start-sandbox.ts';

const receiverUrl = (name: string) => `http://127.0.0.1:9650/_receivers/${name}`;

it('fills the demo account with more than one page, every app under its own name', async () => {
  const sandbox = createSandbox({ clock: createVirtualClock(0), random: seededRandom(1) });
  const ids = populate(sandbox, 'demo', receiverUrl);
  const { data } = (await createCaller(sandbox)('GET', '/v1/api_apps?page_size=50')).json;
  expect(data).toMatchObject({ has_more: true, next_page_token: expect.stringMatching(/./) });
  expect(ids.size).toBe(sandbox.apps().length);
  expect(sandbox.apps().map((app) => app.id)).toEqual([...ids.values()]);
  expect(sandbox.apps().find((app) => app.appType === 'connector')).toMatchObject({
    connectorId: '1056899000',
  });
});

it('keeps every fleet to what the API itself would accept', async () => {
  for (const fleet of FLEETS) {
    const sandbox = createSandbox({ clock: createVirtualClock(0), random: seededRandom(1) });
    const call = createCaller(sandbox);
    for (const { appType, name, connectorId, callbackUrl, events } of listFleet(fleet, receiverUrl)) {
      const created = await call('POST', '/v1/api_apps', {
        app_type: appType ?? 'normal',
        name,
        connector_id: connectorId,
      });
      expect(created.json).toMatchObject({ code: 0 });
      const path = `/v1/api_apps/${created.json.data.id}`;
      if (callbackUrl !== undefined) {
        expect((await call('PUT', path, { callback_url: callbackUrl })).json.code).toBe(0);
      }
      if (events !== undefined) {
        expect((await call('POST', `${path}/events`, { event_types: events })).json.code).toBe(0);
      }
    }
  }
});
