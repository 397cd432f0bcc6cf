/**
 * The seven endpoints, one function each. They validate what the vendor's pages say and act on the account.
 */

import type { Operation } from '../model/calls.ts';
import type { Account, StoredApp } from './account.ts';
import { formatPageToken } from './account.ts';
import {
  type Answer,
  type AppOnWire,
  badParameter,
  DONE,
  type EventOnWire,
  notFound,
  type Refusal,
  refuse,
} from './answer.ts';
import type { SandboxRequest } from './protocol.ts';
import {
  checkUrl,
  isAppType,
  isRefusal,
  isRefused,
  readEventTypes,
  readJsonObject,
  readName,
  readPaging,
  readStringFields,
} from './request-fields.ts';
import type { CallbackSender } from './send-callback.ts';
import type { Switches } from './switches.ts';

export interface Call {
  readonly account: Account;
  readonly appId: string;
  readonly request: SandboxRequest;
  readonly switches: Switches;
  readonly callbacks: CallbackSender;
  /** Name of a channel, where the platform knows one; undefined for a channel the account may not use. */
  readonly channelName: (connectorId: string) => string | undefined;
  readonly now: number;
}

/** Event types and their texts, per the vendor's subscription page (May 2026). */
const EVENT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  'bot.published': '智能体发布',
  'bot.deleted': '智能体被所有者删除',
  'bot.unpublished': '智能体下架',
  'benefit.usage': '账单生成',
  'benefit.plugin.scale.requested': '插件扩容申请',
  'benefit.plugin.scale.expired': '插件扩容到期',
};

type AppOperation = Exclude<Operation, 'exchange_token'>;

export const OPERATIONS: Readonly<Record<AppOperation, (call: Call) => Answer | Promise<Answer>>> = {
  list_apps: listApps,
  create_app: createApp,
  update_app: updateApp,
  delete_app: deleteApp,
  list_events: listEvents,
  subscribe_events: (call) => changeEvents(call, 'subscribe'),
  unsubscribe_events: (call) => changeEvents(call, 'unsubscribe'),
};

function listApps({ account, request, now }: Call): Answer {
  const paging = readPaging(request.query);
  if (isRefusal(paging)) return paging;
  const { items, following } = account.cut(paging);
  const last = items.at(-1)?.rank ?? paging.after;
  const beforeLast = items.at(-2)?.rank ?? paging.after;
  return {
    kind: 'page',
    items: items.map((app) => formatAppOnWire(app, now)),
    hasMore: following !== undefined,
    nextPageToken: following === undefined ? '' : formatPageToken(last),
    misleadingTokens: {
      same: formatPageToken(paging.after),
      early: formatPageToken(beforeLast),
      late: formatPageToken(following ?? last),
    },
  };
}

function createApp({ account, request, switches, channelName, now }: Call): Answer {
  const object = readJsonObject(request, ['app_type', 'name', 'connector_id'], switches);
  if (isRefusal(object)) return object;
  const fields = readStringFields(object, ['app_type', 'name', 'connector_id']);
  if (isRefusal(fields)) return fields;
  const { app_type: appType, name, connector_id: connectorId } = fields;
  if (!isAppType(appType)) return badParameter('app_type is required: normal or connector');
  if (switches.maxApps > 0 && account.size >= switches.maxApps) {
    return refuse(switches.maxAppsCode, 'too many callback apps');
  }
  if (appType === 'normal') {
    if (name === undefined) return badParameter('name is required for a normal app');
    if (connectorId !== undefined) return badParameter('connector_id is for connector apps');
    const stored = readName(name, switches);
    if (isRefused(stored)) return stored;
    const taken = refuseTakenName(account, stored, switches);
    return taken ?? { kind: 'app', app: formatAppOnWire(account.create({ appType, name: stored }), now) };
  }
  if (connectorId === undefined || connectorId === '') {
    return badParameter('connector_id is required for a connector app');
  }
  const channel = channelName(connectorId);
  if (channel === undefined) return badParameter(`connector ${connectorId} does not exist`);
  if (switches.connectorOneToOne && account.hasConnector(connectorId)) {
    return badParameter(`connector ${connectorId} has a callback app already`);
  }
  if (name !== undefined && switches.connectorName === 'refused') {
    return badParameter('name is not allowed for a connector app');
  }
  const kept = switches.connectorName === 'kept' ? readName(name ?? channel, switches) : channel;
  if (isRefused(kept)) return kept;
  return { kind: 'app', app: formatAppOnWire(account.create({ appType, name: kept, connectorId }), now) };
}

async function updateApp({ account, appId, request, switches, callbacks }: Call): Promise<Answer> {
  const app = account.find(appId);
  if (app === undefined) return notFound(appId);
  const object = readJsonObject(request, ['name', 'callback_url'], switches);
  if (isRefusal(object)) return object;
  const fields = readStringFields(object, ['name', 'callback_url']);
  if (isRefusal(fields)) return fields;
  const name = readNewName(account, app, fields['name'], switches);
  if (name !== undefined && typeof name !== 'string') return name;
  const url = readNewUrl(fields['callback_url'], switches);
  if (url !== null && typeof url === 'object') return url;
  if (Object.keys(fields).length === 0 && switches.emptyUpdate === 'refused') {
    return badParameter('name or callback_url is required');
  }
  if (typeof url === 'string' && (url !== app.callbackUrl || switches.challengeSameUrl)) {
    const verdict = await callbacks.challenge(app, url);
    if (!verdict.ok) {
      return refuse(switches.challengeFailedCode, `callback_url verification failed: ${verdict.reason}`);
    }
    if (account.find(appId) !== app) return notFound(appId);
  }
  account.update(app, {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { callbackUrl: url }),
  });
  return DONE;
}

function readNewName(
  account: Account,
  app: StoredApp,
  name: string | undefined,
  switches: Switches,
): string | Refusal | undefined {
  if (name === undefined) return undefined;
  if (app.appType === 'connector' && switches.connectorRename === 'ignored') return undefined;
  if (app.appType === 'connector' && switches.connectorRename === 'refused') {
    return badParameter('the name of a connector app cannot be changed');
  }
  const stored = readName(name, switches);
  if (isRefused(stored) || stored === app.name) return stored;
  return refuseTakenName(account, stored, switches) ?? stored;
}

/** The URL to set, null to clear it, undefined to leave it. */
function readNewUrl(url: string | undefined, switches: Switches): string | null | Refusal | undefined {
  if (url === undefined) return undefined;
  if (url !== '') return checkUrl(url) ?? url;
  switch (switches.emptyUrl) {
    case 'clears':
      return null;
    case 'ignored':
      return undefined;
    case 'refused':
      return badParameter('callback_url must not be empty');
  }
}

function refuseTakenName(account: Account, name: string, switches: Switches): Refusal | undefined {
  if (!switches.uniqueNames || !account.hasNormalName(name)) return undefined;
  return refuse(switches.duplicateNameCode, 'a callback app of this name exists already');
}

function deleteApp({ account, appId }: Call): Answer {
  const app = account.find(appId);
  if (app === undefined) return notFound(appId);
  account.remove(app);
  return DONE;
}

function listEvents({ account, appId, request, switches, now }: Call): Answer {
  const paging = readPaging(request.query);
  if (isRefusal(paging)) return paging;
  const app = account.find(appId);
  if (app === undefined && switches.unknownIdEvents === 'not_found') return notFound(appId);
  const start = Math.max(paging.after, 0);
  const old = app?.oldEvents;
  const events = old !== undefined && now < old.until ? [...old.events] : [...(app?.events ?? [])];
  const items = events.slice(start, start + paging.size);
  const end = start + items.length;
  const hasMore = end < events.length;
  return {
    kind: 'page',
    items: items.map((eventType) => formatEvent(appId, eventType)),
    hasMore,
    nextPageToken: hasMore ? formatPageToken(end) : '',
    misleadingTokens: {
      same: formatPageToken(paging.after),
      early: formatPageToken(Math.max(end - 1, 0)),
      late: formatPageToken(end + 1),
    },
  };
}

function changeEvents(call: Call, verb: 'subscribe' | 'unsubscribe'): Answer {
  const { account, appId, request, switches } = call;
  const app = account.find(appId);
  if (app === undefined) return notFound(appId);
  const isDropped = verb === 'unsubscribe' && switches.deleteBody === 'dropped';
  const object = isDropped ? {} : readJsonObject(request, ['event_types'], switches);
  if (isRefusal(object)) return object;
  const eventTypes = readEventTypes(object);
  if (isRefusal(eventTypes)) return eventTypes;
  const unknown = eventTypes.find((eventType) => !Object.hasOwn(EVENT_DESCRIPTIONS, eventType));
  if (unknown !== undefined && switches.unknownEvents === 'refused') {
    return badParameter(`event type ${unknown} does not exist`);
  }
  if (verb === 'subscribe' && switches.eventsNeedUrl && app.callbackUrl === undefined) {
    return badParameter('set the callback_url before subscribing');
  }
  const isRepeated = eventTypes.some((eventType) => app.events.has(eventType) === (verb === 'subscribe'));
  if (isRepeated && switches.repeatedEvents === 'refused') return badParameter(`cannot ${verb} that twice`);
  account[verb](app, eventTypes);
  return DONE;
}

/** Optional fields only when set; a lagging listing shows the values before the last update. */
function formatAppOnWire(app: StoredApp, now: number): AppOnWire {
  const { name, callbackUrl } = app.old !== undefined && now < app.old.until ? app.old : app;
  return {
    id: app.id,
    ...(name === undefined ? {} : { name }),
    app_type: app.appType,
    ...(app.connectorId === undefined ? {} : { connector_id: app.connectorId }),
    ...(callbackUrl === undefined ? {} : { callback_url: callbackUrl }),
    verify_token: app.verifyToken,
  };
}

function formatEvent(appId: string, eventType: string): EventOnWire {
  const description = EVENT_DESCRIPTIONS[eventType] ?? eventType;
  return { api_app_id: appId, event_type: eventType, name: eventType, description };
}
