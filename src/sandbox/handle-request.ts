/**
 * What a request meets on the platform, in order: the route, latency, the rate limiter, the faults, the token, the
 * operation, the envelope. In goes a request, out comes what the client gets to see; each step lives in its own file.
 */

import type { Clock } from '../lib/clock.ts';
import type { AccessControl } from './access.ts';
import type { Account } from './account.ts';
import { type Answer, refuse } from './answer.ts';
import type { FaultScript, FaultSubject } from './fault-script.ts';
import { inflictFaults } from './inflict-faults.ts';
import type { NumberIssuer } from './issue-numbers.ts';
import type { RateLimiter } from './limit-rate.ts';
import type { SandboxReply, SandboxRequest, SandboxResult } from './messages.ts';
import { OPERATIONS } from './operations.ts';
import type { RequestRecord, RequestRecords } from './request-records.ts';
import { type Route, routeRequest } from './route-request.ts';
import type { CallbackSender } from './send-callback.ts';
import { CODE, type Switches } from './switches.ts';
import { writeEnvelope } from './write-envelope.ts';

/** An account, and the names of the channels it may make apps for; any channel when absent. */
export interface AccountHolding {
  readonly account: Account;
  readonly channels: Readonly<Record<string, string>> | undefined;
}

/** Answers the OAuth token endpoint. `grant` makes a token valid on the platform; `now` is the platform's clock. */
export type TokenExchange = (
  request: SandboxRequest,
  platform: { readonly grant: AccessControl['grant']; readonly now: number },
) => Promise<Answer>;

export interface HandlerDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly holdings: ReadonlyMap<string, AccountHolding>;
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
  const turnAway = (answer: Answer, isLimited: boolean): SandboxReply => {
    const reply = render(answer);
    records.add({ ...record, result: reply.status, isLimited });
    return reply;
  };

  if (latencyMs !== undefined) {
    await clock.sleep(latencyMs.min + random() * (latencyMs.max - latencyMs.min));
  }
  if (route === undefined) {
    return turnAway(refuse(CODE.badParameter, `endpoint ${request.path} does not exist`, 404), false);
  }
  const limited = deps.limiter().admit();
  if (limited !== undefined) return turnAway(limited, true);

  const faults = deps.faults.pick(subjectOf(route, request, deps));
  let isProcessed = false;
  const carryOut = async () => {
    const answer = await answerRequest(route, request, deps);
    isProcessed ||= answer.kind !== 'refused';
    return answer;
  };
  const result = await inflictFaults(faults, { clock, carryOut, render });
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
  const opened = access.check(request.headers['authorization'], route.operation);
  if (typeof opened !== 'string') return opened;
  const holding = deps.holdings.get(opened);
  if (holding === undefined) return refuse(switches.authCode, 'access token invalid', 401);
  const { account, channels } = holding;
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

function subjectOf(route: Route, request: SandboxRequest, { holdings }: HandlerDeps): FaultSubject {
  return {
    ...route,
    appName: () => {
      if (route.appId === '') return nameInBody(request.body);
      for (const { account } of holdings.values()) {
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
