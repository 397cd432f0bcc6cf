/** The emulated platform, without sockets, on any clock. */

import type { Clock } from '../lib/clock.ts';
import { Secret } from '../model/secret.ts';
import { type AccessControl, createAccessControl, type Permission } from './access.ts';
import { Account } from './account.ts';
import { type AppView, type ConsoleEdits, createConsoleEdits, viewApp } from './console-edits.ts';
import { createFaultScript, type FaultScript } from './faults.ts';
import { type HandlerDeps, handleRequest, type OpenAccount, type TokenExchange } from './handle-request.ts';
import { createNumberIssuer } from './issue-numbers.ts';
import { createRateLimiter, type RateLimit } from './limit-rate.ts';
import type { Delivery, SandboxRequest, SandboxResult } from './protocol.ts';
import { type DeliveryReport, type EventToPublish, publishEvent } from './publish-event.ts';
import { createRequestRecords, type RequestRecords } from './request-records.ts';
import { createCallbackSender } from './send-callback.ts';
import { DEFAULT_SWITCHES, type Switches } from './switches.ts';

export const DEFAULT_TOKEN = 'pat_sandbox';
const DEFAULT_ACCOUNT = 'main';
const RECORDS_KEPT = 10_000;

interface AccountOptions {
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
  /** Without it the OAuth route does not exist. */
  readonly exchangeToken?: TokenExchange;
}

export interface SandboxDeps {
  readonly clock: Clock;
  /** Numbers in [0, 1); a seeded one makes every id, token and logid reproducible. */
  readonly random: () => number;
  /** Carries challenges and events; when absent every receiver answers as it should and nothing is sent. */
  readonly deliver?: Delivery;
}

export interface Sandbox {
  /** Rejects only when the delivery does. */
  handle(request: SandboxRequest): Promise<SandboxResult>;
  readonly faults: FaultScript;
  readonly records: RequestRecords;
  readonly access: AccessControl;
  /** Edits in the web console. */
  console(account?: string): ConsoleEdits;
  /** All apps of an account, whatever the listing shows, oldest first and without secrets. */
  apps(account?: string): readonly AppView[];
  /** The secret of an app of any account; undefined when there is no such app. */
  verifyTokenOf(appId: string): Secret | undefined;
  /** Sends an event to every subscriber. */
  publish(event: EventToPublish): Promise<readonly DeliveryReport[]>;
  readonly switches: Switches;
  /** Changes switches while it runs. `listOrder` only affects apps created afterwards. */
  configure(switches: Partial<Switches>): void;
  limitRate(limit: RateLimit | undefined): void;
}

/** A receiver that answers every challenge and event as it should, without a network. */
export const assumeReceiver: Delivery = async ({ body }) => {
  const { event } = JSON.parse(body) as { readonly event?: { readonly challenge?: string } };
  const reply = { challenge: event?.challenge, audit: { audit_status: 2 } };
  return { kind: 'answered', status: 200, body: JSON.stringify(reply) };
};

/** Equal clocks, seeds, options and requests give equal results. */
export function createSandbox(deps: SandboxDeps, options: SandboxOptions = {}): Sandbox {
  const { clock, random, deliver = assumeReceiver } = deps;
  let switches: Switches = { ...DEFAULT_SWITCHES, ...options.switches };
  let limiter = createRateLimiter(options.rateLimit, clock);
  const currentSwitches = () => switches;
  const numbers = createNumberIssuer(random);
  const access = createAccessControl(clock, currentSwitches);
  const accountDeps = { clock, random, numbers, switches: currentSwitches };
  const handlerDeps: HandlerDeps = {
    clock,
    random,
    numbers,
    access,
    accounts: openAccounts(options.accounts, access, (name) => new Account(name, accountDeps)),
    callbacks: createCallbackSender({ clock, numbers, deliver, switches: currentSwitches }),
    faults: createFaultScript(random),
    records: createRequestRecords(options.recordsKept ?? RECORDS_KEPT),
    latencyMs: options.latencyMs,
    exchangeToken: options.exchangeToken,
    switches: currentSwitches,
    limiter: () => limiter,
  };
  const { accounts } = handlerDeps;
  return {
    handle: (request) => handleRequest(request, handlerDeps),
    faults: handlerDeps.faults,
    records: handlerDeps.records,
    access,
    console: (account) => createConsoleEdits(findAccount(accounts, account)),
    apps: (account) => Array.from(findAccount(accounts, account).apps(), viewApp),
    verifyTokenOf: (appId) => findVerifyToken(accounts, appId),
    publish: (event) =>
      publishEvent(event, { ...handlerDeps, account: findAccount(accounts, event.account) }),
    get switches() {
      return switches;
    },
    configure(patch) {
      switches = { ...switches, ...patch };
    },
    limitRate(limit) {
      limiter = createRateLimiter(limit, clock);
    },
  };
}

type OpenAccounts = ReadonlyMap<string, OpenAccount>;

function openAccounts(
  accounts: readonly AccountOptions[] = [{ name: DEFAULT_ACCOUNT, tokens: [{ token: DEFAULT_TOKEN }] }],
  access: AccessControl,
  open: (name: string) => Account,
): OpenAccounts {
  for (const { name, tokens } of accounts) {
    for (const token of tokens) access.grant({ ...token, account: name });
  }
  return new Map(accounts.map(({ name, channels }) => [name, { account: open(name), channels }]));
}

/** The named account, or the first one. */
function findAccount(accounts: OpenAccounts, name?: string): Account {
  const opened = name === undefined ? accounts.values().next().value : accounts.get(name);
  if (opened === undefined) throw new RangeError(`the sandbox has no account ${name}`);
  return opened.account;
}

function findVerifyToken(accounts: OpenAccounts, appId: string): Secret | undefined {
  for (const { account } of accounts.values()) {
    const app = account.find(appId);
    if (app !== undefined) return new Secret(app.verifyToken);
  }
  return undefined;
}
