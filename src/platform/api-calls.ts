/**
 * What each of the seven operations looks like on the wire; nothing is sent here. Reference: the vendor's
 * pages "list/create/update/delete callback app" and "(un)subscribe callback message".
 */

import type { AppId } from '../model/identity.ts';
import type { Call } from './attempt-call.ts';
import { PAGE_SIZE, parseAppPage, parseCreatedApp, parseEventPage, parseNothing } from './parse-wire.ts';
import type { AppFields, AppPage, CreatedApp, EventPage, NewApp } from './ports.ts';

/**
 * Setting a callback_url makes the platform challenge the receiver before it answers, which may take it 3 s.
 * The vendor's Go SDK times out after 5 s and is known for it; 10 s leaves room for both sides' networks.
 */
const CHALLENGE_TIMEOUT_MS_MIN = 10_000;
const APPS = '/v1/api_apps';

export function listAppsCall(pageToken: string, timeoutMs: number): Call<AppPage> {
  const query = pageQuery(pageToken);
  return { operation: 'list_apps', method: 'GET', path: APPS, query, timeoutMs, parse: parseAppPage };
}

export function listEventsCall(id: AppId, pageToken: string, timeoutMs: number): Call<EventPage> {
  const query = pageQuery(pageToken);
  const path = eventsPath(id);
  return { operation: 'list_events', method: 'GET', path, query, timeoutMs, parse: parseEventPage };
}

export function createAppCall(app: NewApp, timeoutMs: number): Call<CreatedApp> {
  const body = { app_type: app.appType, name: app.name, connector_id: app.connectorId };
  return {
    operation: 'create_app',
    method: 'POST',
    path: APPS,
    query: '',
    body,
    timeoutMs,
    parse: parseCreatedApp,
  };
}

export function updateAppCall(id: AppId, fields: AppFields, timeoutMs: number): Call<undefined> {
  const isChallenged = fields.callbackUrl !== undefined;
  return {
    operation: 'update_app',
    method: 'PUT',
    path: appPath(id),
    query: '',
    body: { name: fields.name, callback_url: fields.callbackUrl },
    timeoutMs: isChallenged ? Math.max(timeoutMs, CHALLENGE_TIMEOUT_MS_MIN) : timeoutMs,
    parse: parseNothing,
  };
}

export function deleteAppCall(id: AppId, timeoutMs: number): Call<undefined> {
  const path = appPath(id);
  return { operation: 'delete_app', method: 'DELETE', path, query: '', timeoutMs, parse: parseNothing };
}

export function changeEventsCall(
  operation: 'subscribe_events' | 'unsubscribe_events',
  id: AppId,
  { eventTypes, timeoutMs }: { readonly eventTypes: readonly string[]; readonly timeoutMs: number },
): Call<undefined> {
  return {
    operation,
    method: operation === 'subscribe_events' ? 'POST' : 'DELETE',
    path: eventsPath(id),
    query: '',
    body: { event_types: eventTypes },
    timeoutMs,
    parse: parseNothing,
  };
}

function appPath(id: AppId): string {
  return `${APPS}/${encodeURIComponent(id)}`;
}

function eventsPath(id: AppId): string {
  return `${appPath(id)}/events`;
}

/**
 * Page tokens are opaque and may hold any character, so they are encoded. The first page is asked for without
 * one.
 */
function pageQuery(pageToken: string): string {
  const query = new URLSearchParams({ page_size: String(PAGE_SIZE) });
  if (pageToken !== '') query.set('page_token', pageToken);
  return `?${query}`;
}
