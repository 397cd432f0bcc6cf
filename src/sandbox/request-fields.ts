/** Strict reading of request bodies and paging parameters, as the vendor's pages describe them. */

import type { AppType } from '../model/identity.ts';
import { parsePageToken } from './account.ts';
import { badParameter, type Refusal } from './answer.ts';
import type { Switches } from './switches.ts';

const PAGE_SIZE_MAX = 50;
const PAGE_SIZE_DEFAULT = 50;

/** Every field optional: each is a string when present. */
export type BodyFields = Readonly<Partial<Record<string, string>>>;

export interface PagingFields {
  readonly after: number;
  readonly size: number;
  readonly appType: AppType | undefined;
}

export const isRefusal = (value: object): value is Refusal => 'kind' in value && value.kind === 'refused';
export const isRefused = (value: string | Refusal): value is Refusal => typeof value !== 'string';

/** The JSON object of a body, with unknown fields refused or ignored as the switches say. */
export function readJsonObject(
  request: { readonly body: string; readonly headers: Readonly<Record<string, string | undefined>> },
  known: readonly string[],
  switches: Switches,
): Readonly<Record<string, unknown>> | Refusal {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return badParameter('Content-Type must be application/json');
  }
  const value = parseJson(request.body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return badParameter('the body must be a JSON object');
  }
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown !== undefined && switches.unknownFields === 'refused') {
    return badParameter(`unknown field ${unknown}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** The named fields, each a string or absent. */
export function readStringFields(
  object: Readonly<Record<string, unknown>>,
  names: readonly string[],
): BodyFields | Refusal {
  const fields: Record<string, string> = {};
  for (const name of names) {
    const value = object[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') return badParameter(`${name} must be a string`);
    fields[name] = value;
  }
  return fields;
}

/** `event_types`: a list of at least one string. */
export function readEventTypes(object: Readonly<Record<string, unknown>>): readonly string[] | Refusal {
  const value = object['event_types'];
  if (!Array.isArray(value) || value.length === 0) return badParameter('event_types is required');
  if (!value.every((item): item is string => typeof item === 'string' && item !== '')) {
    return badParameter('event_types must hold strings');
  }
  return value;
}

/** `page_token`, `page_size` (1 to 50, default 50) and `app_type` of a query. */
export function readPaging(query: string): PagingFields | Refusal {
  const parameters = new URLSearchParams(query);
  const sizeText = parameters.get('page_size') ?? '';
  const size = sizeText === '' ? PAGE_SIZE_DEFAULT : Number(sizeText);
  if (!/^\d*$/.test(sizeText) || size < 1 || size > PAGE_SIZE_MAX) {
    return badParameter(`page_size must be 1 to ${PAGE_SIZE_MAX}`);
  }
  const after = parsePageToken(parameters.get('page_token') ?? '');
  if (after === undefined) return badParameter('page_token is invalid');
  const appType = parameters.get('app_type') ?? '';
  if (appType !== '' && !isAppType(appType)) return badParameter('app_type must be normal or connector');
  return { after, size, appType: isAppType(appType) ? appType : undefined };
}

export function isAppType(text: string | undefined): text is AppType {
  return text === 'normal' || text === 'connector';
}

/** The display name as the platform keeps it. The vendor states its length in characters, not UTF-16 units. */
export function readName(name: string, { nameMax, longNames, namePunctuation }: Switches): string | Refusal {
  const kept = name.replace(/[^\p{L}\p{N} ]/gu, '');
  if (namePunctuation === 'refused' && kept !== name) return badParameter('name has characters not allowed');
  const characters = [...(namePunctuation === 'dropped' ? kept : name)];
  if (characters.length === 0) return badParameter('name must not be empty');
  if (characters.length > nameMax && longNames === 'refused') {
    return badParameter(`name is longer than ${nameMax} characters`);
  }
  return characters.slice(0, nameMax).join('');
}

/** What is wrong with a callback URL, or undefined. */
export function checkUrl(text: string): Refusal | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return undefined;
  return badParameter('callback_url must be an http or https URL');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
