/**
 * The shapes of the API's `data`, checked before use. Ids leave as strings and every verify_token as a
 * Secret. Sources: the reference of GET and POST /v1/api_apps, and the optional fields of the vendor's
 * published interface definition.
 */

import { type Message, message } from '../messages/message.ts';
import { type AppId, asAppId } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import { Secret } from '../model/secret.ts';
import type { AppPage, CreatedApp, EventPage } from './ports.ts';

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Message };

/** Page size of both listings: the largest the API takes, and its default. */
export const PAGE_SIZE = 50;

type WireObject = Readonly<Record<string, unknown>>;

/** For operations whose reply has no data. */
export function parseNothing(): Parsed<undefined> {
  return { ok: true, value: undefined };
}

export function parseAppPage(data: unknown): Parsed<AppPage> {
  const page = parsePage(data);
  if (!page.ok) return page;
  const items: ObservedApp[] = [];
  for (const [index, item] of page.value.items.entries()) {
    const app = parseApp(item);
    if (!app.ok)
      return {
        ok: false,
        problem: message('platform.in_field', { field: `data.items[${index}]`, problem: app.problem }),
      };
    items.push(app.value);
  }
  return { ok: true, value: { ...page.value, items } };
}

export function parseEventPage(data: unknown): Parsed<EventPage> {
  const page = parsePage(data);
  if (!page.ok) return page;
  const eventTypes: string[] = [];
  for (const [index, item] of page.value.items.entries()) {
    const eventType = isWireObject(item) ? item['event_type'] : undefined;
    if (typeof eventType !== 'string' || eventType === '') {
      return notA('string', `data.items[${index}].event_type`);
    }
    eventTypes.push(eventType);
  }
  const { hasMore, nextPageToken } = page.value;
  return { ok: true, value: { eventTypes, hasMore, nextPageToken } };
}

/**
 * Only the id must be there: an app whose id is known can be finished, one whose reply was refused cannot.
 */
export function parseCreatedApp(data: unknown): Parsed<CreatedApp> {
  if (!isWireObject(data)) return notA('object', 'data');
  const id = parseId(data['id']);
  if (id === undefined) return notA('id', 'data.id');
  return { ok: true, value: { id, verifyToken: parseVerifyToken(data['verify_token']) } };
}

interface WirePage {
  readonly items: readonly unknown[];
  readonly hasMore: boolean;
  readonly nextPageToken: string;
}

/**
 * `data`, `items`, `has_more` and `next_page_token` are all optional on the wire. A missing `has_more` is
 * read as "no more" only where nothing speaks against it: no token, and a page that is not full (assumption
 * `has_more_omitted_when_false`).
 */
function parsePage(data: unknown): Parsed<WirePage> {
  if (data !== undefined && data !== null && !isWireObject(data)) {
    return notA('object', 'data');
  }
  const items = data?.['items'] ?? [];
  if (!Array.isArray(items)) return notA('list', 'data.items');
  const nextPageToken = parseText(data?.['next_page_token']);
  if (!nextPageToken.ok) return notA('string', 'data.next_page_token');
  const token = nextPageToken.value ?? '';
  const hasMore = data?.['has_more'] ?? undefined;
  if (typeof hasMore === 'boolean') return { ok: true, value: { items, hasMore, nextPageToken: token } };
  if (hasMore !== undefined) return notA('boolean', 'data.has_more');
  if (token === '' && items.length >= PAGE_SIZE) {
    return { ok: false, problem: message('platform.field_missing_on_full_page', { field: 'data.has_more' }) };
  }
  return { ok: true, value: { items, hasMore: token !== '', nextPageToken: token } };
}

function parseApp(item: unknown): Parsed<ObservedApp> {
  if (!isWireObject(item)) return { ok: false, problem: message('platform.not_an_object') };
  const id = parseId(item['id']);
  if (id === undefined) return notA('id', 'id');
  const appType = item['app_type'];
  if (typeof appType !== 'string' || appType === '') return notA('string', 'app_type');
  const name = parseText(item['name']);
  if (!name.ok) return notA('string', 'name');
  const connectorId = parseText(item['connector_id']);
  if (!connectorId.ok) return notA('string', 'connector_id');
  const callbackUrl = parseText(item['callback_url']);
  if (!callbackUrl.ok) return notA('string', 'callback_url');
  return {
    ok: true,
    value: {
      id,
      appType,
      ...(name.value === undefined ? {} : { name: name.value }),
      ...(connectorId.value === undefined ? {} : { connectorId: connectorId.value }),
      ...(callbackUrl.value === undefined ? {} : { callbackUrl: callbackUrl.value }),
      verifyToken: parseVerifyToken(item['verify_token']),
    },
  };
}

/**
 * Ids are decimal strings of about 19 digits; a number arrives here as the string of its digits or as a safe
 * integer.
 */
function parseId(value: unknown): AppId | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[\w-]{1,64}$/.test(text) ? asAppId(text) : undefined;
}

/** Absent, `null` and `""` mean the same: nothing there. */
function parseText(value: unknown): Parsed<string | undefined> {
  if (value === undefined || value === null || value === '') return { ok: true, value: undefined };
  if (typeof value === 'string') return { ok: true, value };
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { ok: true, value: String(value) };
  return notA('string', '');
}

/** A missing token, or one shown with asterisks as in the vendor's examples, is of no use and marked so. */
function parseVerifyToken(value: unknown): Secret {
  const text = typeof value === 'string' ? value : '';
  return new Secret(text, { masked: text === '' || text.includes('*') });
}

const NOT_A = {
  object: 'platform.field_not_an_object',
  id: 'platform.field_not_an_id',
  list: 'platform.field_not_a_list',
  string: 'platform.field_not_a_string',
  boolean: 'platform.field_not_a_boolean',
} as const;

function notA(what: keyof typeof NOT_A, field: string) {
  return { ok: false, problem: message(NOT_A[what], { field }) } as const;
}

function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
