/** The client of the callback-app API. All seven operations share one pacing and one allowance of retries. */

import { setMaxListeners } from 'node:events';
import type { Clock } from '../lib/clock.ts';
import type { Transport } from '../lib/http-transport.ts';
import { Pacer, type Pacing } from '../lib/pacer.ts';
import { type CallContext, PlatformError } from '../model/calls.ts';
import type { AppId } from '../model/identity.ts';
import type { PlatformSettings } from '../model/settings.ts';
import type { Call } from './attempt-call.ts';
import { PAGE_SIZE, parseAppPage, parseCreatedApp, parseEventPage, parseNothing } from './parse-wire.ts';
import { createRetryAllowance, performCall } from './perform-call.ts';
import type {
  AppFields,
  AppPage,
  CallBudget,
  CreatedApp,
  EventPage,
  NewApp,
  OnCall,
  Platform,
  TokenProvider,
  WriteGate,
} from './ports.ts';
import type { SecretGate } from './secret-gate.ts';

export interface PlatformOptions {
  readonly settings: Pick<PlatformSettings, 'baseUrl' | 'timeoutMs' | 'concurrency' | 'maxRequestsPerSecond'>;
  readonly tokens: TokenProvider;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onCall: OnCall;
  readonly budget?: CallBudget;
  /** Asked in front of every attempt of every write, in this order. */
  readonly writeGates?: readonly WriteGate[];
  /** Such as `callbackd/0.1.0`. */
  readonly userAgent: string;
  readonly gate: SecretGate;
}

export interface PacedPlatform extends Platform {
  /** How fast it sends at present, for status and metrics. */
  pacing(): Pacing;
}

export function createPlatform(options: PlatformOptions): PacedPlatform {
  const { settings, clock } = options;
  const { timeoutMs } = settings;
  const pacer = new Pacer({
    clock,
    requestsPerSecondMax: settings.maxRequestsPerSecond,
    concurrencyMax: settings.concurrency,
  });
  const deps = { ...options, baseUrl: settings.baseUrl, pacer, retries: createRetryAllowance() };
  const perform = <Result>(call: Call<Result>, context: CallContext) => {
    // All calls of a round share its signal, waiting or in flight, and each lets go of it in the end: no leak
    // to warn of.
    setMaxListeners(0, context.signal);
    return performCall(call, context, deps);
  };

  return {
    pacing: () => pacer.pacing(),
    listApps: (pageToken, context) => perform(listAppsCall(pageToken, timeoutMs), context),
    listEvents: (id, pageToken, context) => perform(listEventsCall(id, pageToken, timeoutMs), context),
    createApp: (app, context) => perform(createAppCall(app, timeoutMs), context),
    updateApp: (id, fields, context) => perform(updateAppCall(id, fields, timeoutMs), context),
    deleteApp: (id, context) => goneIsDone(perform(deleteAppCall(id, timeoutMs), context)),
    subscribeEvents: (id, eventTypes, context) =>
      perform(changeEventsCall('subscribe_events', id, { eventTypes, timeoutMs }), context),
    unsubscribeEvents: (id, eventTypes, context) =>
      perform(changeEventsCall('unsubscribe_events', id, { eventTypes, timeoutMs }), context),
  };
}

/** A delete of what is not there is done; that happens too when the reply to a first attempt was lost. */
async function goneIsDone(deletion: Promise<undefined>): Promise<'deleted' | 'already_gone'> {
  try {
    await deletion;
    return 'deleted';
  } catch (error) {
    if (error instanceof PlatformError && error.details.kind === 'not_found') return 'already_gone';
    throw error;
  }
}

/**
 * Setting a callback_url makes the platform challenge the receiver before it answers, which may take it 3 s.
 * The vendor's Go SDK times out after 5 s and is known for it; 10 s leaves room for both sides' networks.
 */
const CHALLENGE_TIMEOUT_MS_MIN = 10_000;
const APPS = '/v1/api_apps';

/**
 * What each of the seven operations looks like on the wire; nothing is sent here. Reference: the vendor's
 * pages "list/create/update/delete callback app" and "(un)subscribe callback message".
 */
function listAppsCall(pageToken: string, timeoutMs: number): Call<AppPage> {
  const query = pageQuery(pageToken);
  return { operation: 'list_apps', method: 'GET', path: APPS, query, timeoutMs, parse: parseAppPage };
}

function listEventsCall(id: AppId, pageToken: string, timeoutMs: number): Call<EventPage> {
  const query = pageQuery(pageToken);
  const path = eventsPath(id);
  return { operation: 'list_events', method: 'GET', path, query, timeoutMs, parse: parseEventPage };
}

function createAppCall(app: NewApp, timeoutMs: number): Call<CreatedApp> {
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

function updateAppCall(id: AppId, fields: AppFields, timeoutMs: number): Call<undefined> {
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

function deleteAppCall(id: AppId, timeoutMs: number): Call<undefined> {
  const path = appPath(id);
  return { operation: 'delete_app', method: 'DELETE', path, query: '', timeoutMs, parse: parseNothing };
}

function changeEventsCall(
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
