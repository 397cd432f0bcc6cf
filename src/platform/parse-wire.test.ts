import { describe, expect, it } from 'vitest';
import { say } from '../messages/say.ts';
import { parseAppPage, parseCreatedApp, parseEventPage } from './parse-wire.ts';

const APP = { id: '7512345678901234567', app_type: 'normal', name: 'n', verify_token: 'vt' };
const apps = (count: number) => Array.from({ length: count }, (_, index) => ({ ...APP, id: `${index + 1}` }));

describe('a page of apps', () => {
  it.each([
    { data: undefined, items: 0, hasMore: false, reason: 'no data at all: every field is optional' },
    { data: null, items: 0, hasMore: false, reason: 'null data' },
    { data: {}, items: 0, hasMore: false, reason: 'empty data' },
    { data: { items: null, has_more: false }, items: 0, hasMore: false, reason: 'null items' },
    {
      data: { items: apps(49) },
      items: 49,
      hasMore: false,
      reason: 'a page that is not full, has_more left out',
    },
    {
      data: { items: apps(50), has_more: false },
      items: 50,
      hasMore: false,
      reason: 'a full last page that says so',
    },
    {
      data: { items: apps(3), next_page_token: 't' },
      items: 3,
      hasMore: true,
      reason: 'a token says there is more',
    },
    {
      data: { items: [], has_more: true, next_page_token: 't' },
      items: 0,
      hasMore: true,
      reason: 'an empty page amid',
    },
  ])('is read for what it surely says: $reason', ({ data, items, hasMore }) => {
    const parsed = parseAppPage(data);
    expect(parsed).toMatchObject({ ok: true, value: { hasMore } });
    expect(parsed.ok && parsed.value.items.length).toBe(items);
  });

  it.each([
    { data: { items: apps(50) }, problem: 'data.has_more is missing on a full page' },
    { data: { items: apps(1), has_more: 'false' }, problem: 'data.has_more is not a boolean' },
    { data: { items: {}, has_more: false }, problem: 'data.items is not a list' },
    {
      data: { items: [], has_more: true, next_page_token: {} },
      problem: 'data.next_page_token is not a string',
    },
    { data: [], problem: 'data is not an object' },
    { data: { items: [null] }, problem: 'data.items[0]: not an object' },
    { data: { items: [APP, { ...APP, id: undefined }] }, problem: 'data.items[1]: id is not an id' },
    { data: { items: [{ ...APP, id: '../x' }] }, problem: 'data.items[0]: id is not an id' },
    { data: { items: [{ ...APP, id: 1.5 }] }, problem: 'data.items[0]: id is not an id' },
    { data: { items: [{ ...APP, app_type: 1 }] }, problem: 'data.items[0]: app_type is not a string' },
    { data: { items: [{ ...APP, name: {} }] }, problem: 'data.items[0]: name is not a string' },
    {
      data: { items: [{ ...APP, callback_url: [] }] },
      problem: 'data.items[0]: callback_url is not a string',
    },
    {
      data: { items: [{ ...APP, connector_id: true }] },
      problem: 'data.items[0]: connector_id is not a string',
    },
  ])('is refused as a whole: $problem', ({ data, problem }) => {
    const page = parseAppPage(data);
    expect(page.ok ? undefined : say(page.problem)).toBe(problem);
  });

  it('reads empty and null fields as absent, keeps types it does not know, and ids as text', () => {
    const item = {
      id: 42,
      app_type: 'template',
      name: null,
      callback_url: '',
      connector_id: 7,
      verify_token: 'vt',
    };
    const parsed = parseAppPage({ items: [item], has_more: false });
    expect(parsed.ok && Object.keys(parsed.value.items[0] ?? {})).toEqual([
      'id',
      'appType',
      'connectorId',
      'verifyToken',
    ]);
    expect(parsed).toMatchObject({ value: { items: [{ id: '42', appType: 'template', connectorId: '7' }] } });
  });

  it.each([
    { token: 'abc', isMasked: false },
    { token: 'ab****yz', isMasked: true },
    { token: '', isMasked: true },
    { token: undefined, isMasked: true },
  ])('marks the verify_token $token as masked: $isMasked', ({ token, isMasked }) => {
    const parsed = parseAppPage({ items: [{ ...APP, verify_token: token }], has_more: false });
    expect(parsed.ok && parsed.value.items[0]?.verifyToken.isMasked).toBe(isMasked);
  });
});

describe('a created app', () => {
  it('needs its id and nothing else', () => {
    const parsed = parseCreatedApp({ id: '7512345678901234567' });
    expect(parsed).toMatchObject({ ok: true, value: { id: '7512345678901234567' } });
    expect(parsed.ok && parsed.value.verifyToken.isMasked).toBe(true);
  });

  it.each([undefined, null, {}, { id: '' }, { id: null }, [APP]])('is refused when it is %j', (data) => {
    expect(parseCreatedApp(data).ok).toBe(false);
  });
});

describe('a page of event types', () => {
  it('holds the event types and nothing else', () => {
    const items = [{ event_type: 'bot.published', name: 'x' }, { event_type: 'new.kind' }];
    expect(parseEventPage({ items, has_more: false })).toEqual({
      ok: true,
      value: { eventTypes: ['bot.published', 'new.kind'], hasMore: false, nextPageToken: '' },
    });
  });

  it('is refused when one subscription cannot be told', () => {
    expect(parseEventPage({ items: [{ name: 'x' }], has_more: false }).ok).toBe(false);
  });
});
