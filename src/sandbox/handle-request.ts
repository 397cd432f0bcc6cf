/** The way of one request: route, latency, rate limit, faults, token, operation, envelope. */

import type { Clock } from '../lib/clock.ts';
import type { Operation } from '../model/calls.ts';
import type { AccessControl } from './access.ts';
import type { Account } from './account.ts';
import { type Answer, refuse, writeEnvelope } from './answer.ts';
import type { FaultScript, FaultSubject } from './faults.ts';
import { injectFaults } from './inject-faults.ts';
import type { NumberIssuer } from './issue-numbers.ts';
import type { RateLimiter } from './limit-rate.ts';
import { OPERATIONS } from './operations.ts';
import type { SandboxReply, SandboxRequest, SandboxResult } from './protocol.ts';
import type { RequestRecord, RequestRecords } from './request-records.ts';
import type { CallbackSender } from './send-callback.ts';
import { CODE, type Switches } from './switches.ts';

/** An account, and the names of the channels it may make apps for; any channel when absent. */
export interface OpenAccount {
  readonly account: Account;
  readonly channels: Readonly<Record<string, string>> | undefined;
}

/**
 * Answers the OAuth token endpoint. `grant` makes a token valid on the platform; `now` is the platform's
 * clock.
 */
export type TokenExchange = (
  request: SandboxRequest,
  platform: { readonly grant: AccessControl['grant']; readonly now: number },
) => Promise<Answer>;

interface Route {
  readonly operation: Operation;
  /** The app's id, where the path has one. */
  readonly appId: string;
}

const APPS = '/v1/api_apps';
const TOKEN = /^\/api\/permission\/oauth2\/(?:(?:account|enterprise_id)\/[^/]+\/)?token$/;
const ON_APPS: Readonly<Record<string, Operation>> = { GET: 'list_apps', POST: 'create_app' };
const ON_APP: Readonly<Record<string, Operation>> = { PUT: 'update_app', DELETE: 'delete_app' };
const ON_EVENTS: Readonly<Record<string, Operation>> = {
  GET: 'list_events',
  POST: 'subscribe_events',
  DELETE: 'unsubscribe_events',
};

export interface HandlerDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly accounts: ReadonlyMap<string, OpenAccount>;
  readonly access: AccessControl;
  readonly callbacks: CallbackSender;
  readonly numbers: NumberIssuer;
  readonly faults: FaultScript;
  readonly records: RequestRecords;
  readonly latencyMs: { readonly min: number; readonly max: number } | undefined;
  readonly exchangeToken: TokenExchange | undefined;
  readonly switches: () => Switches;
  readonly limiter: () => RateLimiter;
}

export async function handleRequest(request: SandboxRequest, deps: HandlerDeps): Promise<SandboxResult> {
  const { clock, random, numbers, records, latencyMs } = deps;
  const at = clock.now();
  const now = at + deps.switches().clockSkewMs;
  const logid = numbers.logid(now);
  const route = findRoute(request, deps);
  const operation: RequestRecord['operation'] = route?.operation ?? 'unknown_route';
  const record = { at, operation, appId: route?.appId ?? '', logid, isProcessed: false, faults: [] };
  const render = (answer: Answer): SandboxReply =>
    writeEnvelope(answer, { logid, now, switches: deps.switches() });
  const refuseEarly = (answer: Answer, isLimited: boolean): SandboxReply => {
    const reply = render(answer);
    records.add({ ...record, result: reply.status, isLimited });
    return reply;
  };

  if (latencyMs !== undefined) {
    await clock.sleep(latencyMs.min + random() * (latencyMs.max - latencyMs.min));
  }
  if (route === undefined) {
    return refuseEarly(refuse(CODE.badParameter, `endpoint ${request.path} does not exist`, 404), false);
  }
  const limited = deps.limiter().admit();
  if (limited !== undefined) return refuseEarly(limited, true);

  const faults = deps.faults.pick(subjectOf(route, request, deps));
  let isProcessed = false;
  const processRequest = async () => {
    const answer = await answerRequest(route, request, deps);
    isProcessed ||= answer.kind !== 'refused';
    return answer;
  };
  const result = await injectFaults(faults, {
    ...{ clock, processRequest, render },
    secrets: () => secretsOf(route, request, deps),
  });
  records.add({
    ...record,
    result: typeof result === 'string' ? result : result.status,
    isProcessed,
    isLimited: false,
    faults: faults.map((fault) => fault.kind),
  });
  return result;
}

function findRoute({ method, path }: SandboxRequest, { exchangeToken }: HandlerDeps): Route | undefined {
  const route = routeRequest(method, path);
  return route?.operation === 'exchange_token' && exchangeToken === undefined ? undefined : route;
}

async function answerRequest(route: Route, request: SandboxRequest, deps: HandlerDeps): Promise<Answer> {
  const { access, callbacks, clock, exchangeToken } = deps;
  const switches = deps.switches();
  if (route.operation === 'exchange_token') {
    const platform = { grant: access.grant, now: clock.now() + switches.clockSkewMs };
    return exchangeToken?.(request, platform) ?? refuse(CODE.badParameter, 'no OAuth here', 404);
  }
  const granted = access.check(request.headers['authorization'], route.operation);
  if (typeof granted !== 'string') return granted;
  const opened = deps.accounts.get(granted);
  if (opened === undefined) return refuse(switches.authCode, 'access token invalid', 401);
  const { account, channels } = opened;
  return OPERATIONS[route.operation]({
    account,
    appId: route.appId,
    request,
    switches,
    callbacks,
    channelName: (id) => (channels === undefined ? `渠道 ${id}` : channels[id]),
    now: clock.now(),
  });
}

/** What the client sent and what it may know: a careless platform quotes both. */
function secretsOf(route: Route, request: SandboxRequest, { accounts }: HandlerDeps): readonly string[] {
  const token = (request.headers['authorization'] ?? '').replace(/^Bearer /, '');
  const found = [...accounts.values()].map(({ account }) => account.find(route.appId)?.verifyToken);
  return [token, ...found.filter((secret) => secret !== undefined)].filter((secret) => secret !== '');
}

function subjectOf(route: Route, request: SandboxRequest, { accounts }: HandlerDeps): FaultSubject {
  return {
    ...route,
    appName: () => {
      if (route.appId === '') return nameInBody(request.body);
      for (const { account } of accounts.values()) {
        const app = account.find(route.appId);
        if (app !== undefined) return app.name;
      }
      return undefined;
    },
  };
}

function nameInBody(body: string): string | undefined {
  try {
    const value = (JSON.parse(body) as { readonly name?: unknown } | null)?.name;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The endpoint, or undefined for a route the platform does not have. */
function routeRequest(method: string, path: string): Route | undefined {
  if (path === APPS) return withId(ON_APPS[method], '');
  if (path.startsWith(`${APPS}/`)) {
    const [appId = '', tail, ...more] = path.slice(APPS.length + 1).split('/');
    if (appId === '' || more.length > 0) return undefined;
    if (tail === undefined) return withId(ON_APP[method], appId);
    return tail === 'events' ? withId(ON_EVENTS[method], appId) : undefined;
  }
  return method === 'POST' && TOKEN.test(path) ? { operation: 'exchange_token', appId: '' } : undefined;
}

function withId(operation: Operation | undefined, appId: string): Route | undefined {
  return operation === undefined ? undefined : { operation, appId };
}
