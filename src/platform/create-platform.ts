/**
 * The client of the callback-app API: settings, tokens and a transport go in, an object with the seven operations comes out.
 * This file says what each operation looks like on the wire; how a call is made, judged and repeated is in `perform-call.ts`.
 * Reference: the vendor's pages "list/create/update/delete callback app" and "(un)subscribe callback message".
 */
import type { Clock } from '../lib/clock.ts';
import type { Transport } from '../lib/http-transport.ts';
import { createPacer, type Pacing } from '../lib/pacer.ts';
import { type CallContext, PlatformError } from '../model/calls.ts';
import type { AppId } from '../model/identity.ts';
import type { PlatformSettings } from '../model/settings.ts';
import type { Call } from './attempt-call.ts';
import { PAGE_SIZE, parseAppPage, parseCreatedApp, parseEventPage, parseNothing } from './parse-wire.ts';
import { performCall } from './perform-call.ts';
import type { CallBudget, OnCall, Platform, TokenProvider } from './ports.ts';
import { createRetryAllowance } from './retry-allowance.ts';

export interface PlatformOptions {
  readonly settings: Pick<PlatformSettings, 'baseUrl' | 'timeoutMs' | 'concurrency' | 'maxRequestsPerSecond'>;
  readonly tokens: TokenProvider;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onCall: OnCall;
  readonly budget?: CallBudget;
  /** Such as `callbackd/0.1.0`. */
  readonly userAgent: string;
}

export interface PacedPlatform extends Platform {
  /** How fast it sends at present, for status and metrics. */
  pacing(): Pacing;
}

/**
 * Setting a callback_url makes the platform challenge the receiver before it answers, which may take it 3 s. The vendor's
 * Go SDK times out after 5 s and is known for it; 10 s leaves room for both sides' networks.
 */
const CHALLENGE_TIMEOUT_MS_MIN = 10_000;
const APPS = '/v1/api_apps';

export function createPlatform(options: PlatformOptions): PacedPlatform {
  const { settings, clock } = options;
  const { timeoutMs } = settings;
  const pacer = createPacer({
    clock,
    requestsPerSecondMax: settings.maxRequestsPerSecond,
    concurrencyMax: settings.concurrency,
  });
  const deps = { ...options, baseUrl: settings.baseUrl, pacer, retries: createRetryAllowance() };
  const perform = <Result>(call: Call<Result>, context: CallContext) => performCall(call, context, deps);

  return {
    pacing: () => pacer.pacing(),
    listApps: (pageToken, context) =>
      perform(
        {
          operation: 'list_apps',
          method: 'GET',
          path: APPS,
          query: pageQuery(pageToken),
          timeoutMs,
          parse: parseAppPage,
        },
        context,
      ),
    listEvents: (id, pageToken, context) =>
      perform(
        {
          operation: 'list_events',
          method: 'GET',
          path: eventsPath(id),
          query: pageQuery(pageToken),
          timeoutMs,
          parse: parseEventPage,
        },
        context,
      ),
    createApp: ({ appType, name, connectorId }, context) =>
      perform(
        {
          operation: 'create_app',
          method: 'POST',
          path: APPS,
          query: '',
          body: { app_type: appType, name, connector_id: connectorId },
          timeoutMs,
          parse: parseCreatedApp,
        },
        context,
      ),
    updateApp: (id, { name, callbackUrl }, context) =>
      perform(
        {
          operation: 'update_app',
          method: 'PUT',
          path: appPath(id),
          query: '',
          body: { name, callback_url: callbackUrl },
          timeoutMs: callbackUrl === undefined ? timeoutMs : Math.max(timeoutMs, CHALLENGE_TIMEOUT_MS_MIN),
          parse: parseNothing,
        },
        context,
      ),
    deleteApp: (id, context) =>
      goneIsDone(
        perform(
          {
            operation: 'delete_app',
            method: 'DELETE',
            path: appPath(id),
            query: '',
            timeoutMs,
            parse: parseNothing,
          },
          context,
        ),
      ),
    subscribeEvents: (id, eventTypes, context) =>
      perform(
        {
          operation: 'subscribe_events',
          method: 'POST',
          path: eventsPath(id),
          query: '',
          body: { event_types: eventTypes },
          timeoutMs,
          parse: parseNothing,
        },
        context,
      ),
    unsubscribeEvents: (id, eventTypes, context) =>
      perform(
        {
          operation: 'unsubscribe_events',
          method: 'DELETE',
          path: eventsPath(id),
          query: '',
          body: { event_types: eventTypes },
          timeoutMs,
          parse: parseNothing,
        },
        context,
      ),
  };
}

async function goneIsDone(deletion: Promise<undefined>): Promise<'deleted' | 'already_gone'> {
  try {
    await deletion;
    return 'deleted';
  } catch (error) {
    if (error instanceof PlatformError && error.details.kind === 'not_found') return 'already_gone';
    throw error;
  }
}

function appPath(id: AppId): string {
  return `${APPS}/${encodeURIComponent(id)}`;
}

function eventsPath(id: AppId): string {
  return `${appPath(id)}/events`;
}

/** Tokens are opaque and may hold any character, so they are encoded. */
function pageQuery(pageToken: string): string {
  const query = new URLSearchParams({ page_size: String(PAGE_SIZE) });
  if (pageToken !== '') query.set('page_token', pageToken);
  return `?${query}`;
}
