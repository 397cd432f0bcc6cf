/**
 * The emulated platform: requests go in, results come out, without sockets, on whatever clock it is handed. This file
 * only joins the parts in the order a request meets them; each rule of the platform lives in its own file.
 */

import type { Clock } from '../lib/clock.ts';
import { Secret } from '../model/secret.ts';
import { type AccessControl, createAccessControl, type Permission } from './access.ts';
import { Account } from './account.ts';
import { type Answer, refuse } from './answer.ts';
import { type AppView, type ConsoleEdits, createConsoleEdits, viewApp } from './console-edits.ts';
import { createFaultScript, type FaultScript } from './fault-script.ts';
import { inflictFaults } from './inflict-faults.ts';
import { createNumberIssuer, type NumberIssuer } from './issue-numbers.ts';
import { createRateLimiter, type RateLimit } from './limit-rate.ts';
import type { Delivery, SandboxReply, SandboxRequest, SandboxResult } from './messages.ts';
import { OPERATIONS } from './operations.ts';
import { type DeliveryReport, type EventToPublish, publishEvent } from './publish-event.ts';
import { createRequestRecords, type RequestRecord, type RequestRecords } from './request-records.ts';
import { type Route, routeRequest } from './route-request.ts';
import { type CallbackSender, createCallbackSender } from './send-callback.ts';
import { CODE, DEFAULT_SWITCHES, type Switches } from './switches.ts';
import { writeEnvelope } from './write-envelope.ts';

export const DEFAULT_TOKEN = 'pat_sandbox';
export const DEFAULT_ACCOUNT = 'main';
const RECORDS_KEPT = 10_000;

export interface AccountOptions {
  readonly name: string;
  readonly tokens: readonly {
    readonly token: string;
    readonly permissions?: readonly Permission[];
    readonly expiresAt?: number;
  }[];
  /** Names of the channels the account may make apps for, by their ids; any channel when absent. */
  readonly channels?: Readonly<Record<string, string>>;
}

export interface SandboxOptions {
  readonly switches?: Partial<Switches>;
  /** One account called `main` with the token `pat_sandbox` when absent. */
  readonly accounts?: readonly AccountOptions[];
  readonly rateLimit?: RateLimit;
  /** Every request takes this long before it is processed, evenly between the two. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
  /** How many requests are remembered one by one; 10,000 when absent. */
  readonly recordsKept?: number;
  /** Exchanges a signed JWT for an access token; without it the OAuth route does not exist. */
  readonly exchangeToken?: TokenExchange;
}

/** Answers the OAuth token endpoint. `grant` makes a token valid on the platform. */
export type TokenExchange = (request: SandboxRequest, grant: AccessControl['grant']) => Promise<Answer>;

export interface SandboxDeps {
  readonly clock: Clock;
  /** Numbers in [0, 1); a seeded one makes every id, token and logid reproducible. */
  readonly random: () => number;
  /** Carries challenges and events; when absent every receiver answers as it should and nothing is sent. */
  readonly deliver?: Delivery;
}

export interface Sandbox {
  /** Never rejects, whatever the request holds. */
  handle(request: SandboxRequest): Promise<SandboxResult>;
  readonly faults: FaultScript;
  readonly records: RequestRecords;
  readonly access: AccessControl;
  /** Edits behind callbackd's back. */
  console(account?: string): ConsoleEdits;
  /** All apps of an account as they really are, without secrets, oldest first. */
  apps(account?: string): readonly AppView[];
  /** The secret of an app of any account; undefined when there is no such app. */
  verifyTokenOf(appId: string): Secret | undefined;
  /** Something happens on the platform: every subscriber gets a signed callback. */
  publish(event: EventToPublish): Promise<readonly DeliveryReport[]>;
  readonly switches: Switches;
  /** Turns switches while it runs. `listOrder` only holds for apps made afterwards. */
  configure(switches: Partial<Switches>): void;
  limitRate(limit: RateLimit | undefined): void;
}

/** Makes an emulated platform. */
export function createSandbox(deps: SandboxDeps, options: SandboxOptions = {}): Sandbox {
  return assemble(createParts(deps, options), options);
}

/** A receiver that answers every challenge and event as it should, without a network. */
export const assumeReceiver: Delivery = async ({ body }) => {
  const { event } = JSON.parse(body) as { readonly event?: { readonly challenge?: string } };
  const reply = { challenge: event?.challenge, audit: { audit_status: 2 } };
  return { kind: 'answered', status: 200, body: JSON.stringify(reply) };
};

interface Parts extends SandboxDeps {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly channels: ReadonlyMap<string, Readonly<Record<string, string>> | undefined>;
  readonly access: AccessControl;
  readonly callbacks: CallbackSender;
  readonly numbers: NumberIssuer;
  readonly faults: FaultScript;
  readonly records: RequestRecords;
  /** What can be turned while it runs. */
  readonly live: { switches: Switches; limiter: ReturnType<typeof createRateLimiter> };
}

function createParts(deps: SandboxDeps, options: SandboxOptions): Parts {
  const { clock, random, deliver = assumeReceiver } = deps;
  const live = {
    switches: { ...DEFAULT_SWITCHES, ...options.switches },
    limiter: createRateLimiter(options.rateLimit, clock),
  };
  const switches = () => live.switches;
  const numbers = createNumberIssuer(random);
  const access = createAccessControl(clock, switches);
  const described = options.accounts ?? [{ name: DEFAULT_ACCOUNT, tokens: [{ token: DEFAULT_TOKEN }] }];
  for (const { name, tokens } of described) {
    for (const token of tokens) access.grant({ ...token, account: name });
  }
  return {
    ...deps,
    accounts: new Map(
      described.map(({ name }) => [name, new Account(name, { clock, random, numbers, switches })]),
    ),
    channels: new Map(described.map(({ name, channels }) => [name, channels])),
    access,
    callbacks: createCallbackSender({ clock, numbers, deliver, switches }),
    numbers,
    faults: createFaultScript(random),
    records: createRequestRecords(options.recordsKept ?? RECORDS_KEPT),
    live,
  };
}

function assemble(parts: Parts, options: SandboxOptions): Sandbox {
  const { accounts, access, faults, records, live, clock } = parts;
  const accountOf = (name = DEFAULT_ACCOUNT): Account => {
    const account = accounts.get(name);
    if (account === undefined) throw new Error(`the sandbox has no account ${name}`);
    return account;
  };
  return {
    handle: (request) => handleRequest(request, parts, options),
    faults,
    records,
    access,
    console: (account) => createConsoleEdits(accountOf(account)),
    apps: (account) => Array.from(accountOf(account).apps(), viewApp),
    verifyTokenOf(appId) {
      for (const account of accounts.values()) {
        const app = account.find(appId);
        if (app !== undefined) return new Secret(app.verifyToken);
      }
      return undefined;
    },
    publish: (event) => publishEvent(event, { ...parts, account: accountOf(event.account) }),
    get switches() {
      return live.switches;
    },
    configure(switches) {
      live.switches = { ...live.switches, ...switches };
    },
    limitRate(limit) {
      live.limiter = createRateLimiter(limit, clock);
    },
  };
}

async function handleRequest(
  request: SandboxRequest,
  parts: Parts,
  { latencyMs, exchangeToken }: SandboxOptions,
): Promise<SandboxResult> {
  const { clock, random, numbers, records, live } = parts;
  const at = clock.now();
  const now = at + live.switches.clockSkewMs;
  const logid = numbers.logid(now);
  const route = routeRequest(request.method, request.path);
  const render = (answer: Answer): SandboxReply =>
    writeEnvelope(answer, { logid, now, switches: live.switches });
  if (latencyMs !== undefined) {
    await clock.sleep(latencyMs.min + random() * (latencyMs.max - latencyMs.min));
  }
  const record: RequestRecord = {
    at,
    operation: route?.operation ?? 'unknown_route',
    appId: route?.appId ?? '',
    result: 'closed',
    logid,
    isProcessed: false,
    faults: [],
  };
  if (route === undefined || (route.operation === 'exchange_token' && exchangeToken === undefined)) {
    const reply = render(refuse(CODE.badParameter, `endpoint ${request.path} does not exist`, 404));
    records.add({ ...record, result: reply.status });
    return reply;
  }
  const limited = live.limiter.admit();
  if (limited !== undefined) {
    const reply = render(limited);
    records.countLimited(route.operation);
    records.add({ ...record, result: reply.status });
    return reply;
  }
  const faults = parts.faults.pick(subjectOf(route, request, parts));
  let isProcessed = false;
  const carryOut = async () => {
    const answer = await answerRequest(route, request, { parts, exchangeToken });
    isProcessed ||= answer.kind !== 'refused';
    return answer;
  };
  const result = await inflictFaults(faults, { clock, carryOut, render });
  records.add({
    ...record,
    result: typeof result === 'string' ? result : result.status,
    isProcessed,
    faults: faults.map((fault) => fault.kind),
  });
  return result;
}

async function answerRequest(
  route: Route,
  request: SandboxRequest,
  { parts, exchangeToken }: { readonly parts: Parts; readonly exchangeToken: TokenExchange | undefined },
): Promise<Answer> {
  const { accounts, channels, access, callbacks, clock, live } = parts;
  if (route.operation === 'exchange_token') {
    return exchangeToken?.(request, access.grant) ?? refuse(CODE.badParameter, 'no OAuth here', 404);
  }
  const opened = access.check(request.headers['authorization'], route.operation);
  if (typeof opened !== 'string') return opened;
  const account = accounts.get(opened);
  if (account === undefined) return refuse(live.switches.authCode, 'access token invalid', 401);
  return OPERATIONS[route.operation]({
    account,
    appId: route.appId,
    request,
    switches: live.switches,
    callbacks,
    channelName: (id) => (channels.get(opened) === undefined ? `渠道 ${id}` : channels.get(opened)?.[id]),
    now: clock.now(),
  });
}

function subjectOf(route: Route, request: SandboxRequest, { accounts }: Parts) {
  return {
    ...route,
    appName: () => {
      if (route.appId === '') return nameInBody(request.body);
      for (const account of accounts.values()) {
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
