/** A small world for tests of `apply/`: an in-memory journal, a writer that records and fails on demand, and changes. */

import type { ApplyDeps } from '../../src/apply/apply-round.ts';
import type { AppWriter, Journal, TokenSink } from '../../src/apply/ports.ts';
import { verbatim } from '../../src/messages/message.ts';
import { say } from '../../src/messages/say.ts';
import { type CallContext, type FailureKind, PlatformError } from '../../src/model/calls.ts';
import { foldStateChange } from '../../src/model/fold-state.ts';
import { type AppId, asAppId, asAppKey } from '../../src/model/identity.ts';
import type { Change, Plan, ReceiverVerdict, Step } from '../../src/model/plan.ts';
import type { Outcome } from '../../src/model/round.ts';
import { Secret } from '../../src/model/secret.ts';
import { emptyState, type OwnedApp, type StateChange } from '../../src/model/state.ts';

const ENDPOINT = 'https://api.example.com';
const START = 1_000_000;
/** Of every mark in these tests. */
export const NONCE = '0badcafe';

export interface ApplyWorld {
  /** Everything that happened, in order: `commit <type>`, `POST a`, `PUT 1 url`, `sink a`, ... */
  readonly story: string[];
  readonly commits: StateChange[];
  readonly state: ReturnType<typeof emptyState>;
  readonly ended: Outcome[];
  readonly deps: ApplyDeps;
  /** What the next matching line of the story throws, or waits for. */
  readonly on: (line: string | RegExp, act: () => Promise<void> | void) => void;
  now: number;
}

/** Every line goes to the story first; then the acts registered for it run, so that they can throw or wait. */
export function createApplyWorld(options: { readonly concurrency?: number } = {}): ApplyWorld {
  const story: string[] = [];
  const commits: StateChange[] = [];
  const ended: Outcome[] = [];
  const state = emptyState('lineage', ENDPOINT);
  const acts: { readonly line: string | RegExp; readonly act: () => Promise<void> | void }[] = [];
  let ids = 100;
  const tell = async (line: string) => {
    story.push(line);
    for (const { line: wanted, act } of acts) {
      if (typeof wanted === 'string' ? wanted === line : wanted.test(line)) await act();
    }
  };
  const journal: Journal = {
    state,
    async commit(committed) {
      const changes = [committed].flat();
      await tell(`commit ${changes.map((change) => change.type).join(' ')}`);
      for (const change of changes) foldStateChange(state, change);
      for (const change of changes) commits.push(change);
    },
  };
  const nameOf = (context: CallContext) => context.appKey ?? 'unmanaged';
  const writer: AppWriter = {
    async createApp({ name }, context) {
      const isMarked = name?.endsWith(NONCE) === true;
      await tell(`POST ${isMarked ? name : nameOf(context)}`);
      ids += 1;
      return { id: asAppId(String(ids)), verifyToken: new Secret(`token-${ids}`) };
    },
    updateApp: (id, fields) => tell(`PUT ${id} ${Object.values(fields).join(' ')}`),
    async deleteApp(id) {
      await tell(`DELETE ${id}`);
      return 'deleted';
    },
    subscribeEvents: (id, events) => tell(`SUBSCRIBE ${id} ${events.join(' ')}`),
    unsubscribeEvents: (id, events) => tell(`UNSUBSCRIBE ${id} ${events.join(' ')}`),
  };
  const sink: TokenSink = {
    async deliver(key, token, as) {
      await tell(`sink ${key}${as === undefined ? '' : `.${as}`} ${token.reveal()}`);
      return `fingerprint of ${key}`;
    },
    promote: (key, fingerprint) => tell(`promote ${key} with the ${fingerprint}`),
    retire: (key) => tell(`retire ${key}`),
    remove: (key) => tell(`unsink ${key}`),
  };
  const world: ApplyWorld = {
    story,
    commits,
    state,
    ended,
    on: (line, act) => acts.push({ line, act }),
    now: START,
    deps: {
      writer,
      journal,
      sink,
      receivers: {
        async check(url): Promise<ReceiverVerdict> {
          await tell(`CHECK ${url}`);
          return url.includes('bad')
            ? { ok: false, stage: 'status', message: verbatim('answered 500') }
            : { ok: true };
        },
      },
      clock: { now: () => world.now, monotonic: () => world.now },
      nonce: () => NONCE,
      concurrency: options.concurrency ?? 1,
      onOutcome: (outcome) => ended.push(outcome),
    },
  };
  return world;
}

function platformError(kind: FailureKind, message = `the platform said ${kind}`): PlatformError {
  return new PlatformError({ kind, operation: 'update_app', message: verbatim(message), attempts: 1 });
}

export function fail(kind: FailureKind): () => never {
  return () => {
    throw platformError(kind);
  };
}

/** What the platform client throws when a gate held the write back. */
export function refuse(reason: string): () => never {
  return () => {
    const refused = verbatim(reason);
    throw new PlatformError({
      ...{ kind: 'aborted', operation: 'delete_app', message: refused, attempts: 0, refused },
    });
  };
}

export const URL_OF = (key: string) => `https://hooks.example.com/${key}`;

/** A change that updates the URL of an owned app; everything else by overrides. */
export function changeOf(key: string, overrides: Partial<Change> = {}): Change {
  return {
    action: 'update',
    key: asAppKey(key),
    id: asAppId(`id-${key}`),
    appType: 'normal',
    name: key,
    connectorId: null,
    reason: 'differs',
    fields: [],
    steps: [{ do: 'update_app', callbackUrl: URL_OF(key) }],
    protect: false,
    entryDigest: `digest of ${key}`,
    observedDigest: '',
    destroys: [],
    ...overrides,
  };
}

/** A create as the planner writes it, with every step that a create can have. */
export function createOf(key: string, overrides: Partial<Change> = {}): Change {
  const steps: readonly Step[] = [
    { do: 'create_app', appType: 'normal', name: key, lookAlikes: [] },
    { do: 'deliver_token' },
    { do: 'check_receiver', url: URL_OF(key), mode: 'warn' },
    { do: 'update_app', callbackUrl: URL_OF(key) },
    { do: 'subscribe', events: ['bot.published'] },
  ];
  return changeOf(key, { action: 'create', id: null, reason: 'new_entry', steps, ...overrides });
}

export function deleteOf(key: string, overrides: Partial<Change> = {}): Change {
  const id = asAppId(`id-${key}`);
  const steps: readonly Step[] = [
    { do: 'delete_app', id },
    { do: 'unbind', id },
  ];
  return changeOf(key, { action: 'delete', id, reason: 'orphan', steps, ...overrides });
}

export function ownedOf(key: string, overrides: Partial<OwnedApp> = {}): OwnedApp {
  return {
    key: asAppKey(key),
    id: asAppId(`id-${key}`),
    appType: 'normal',
    name: key,
    how: 'created',
    boundAt: 0,
    applied: {},
    protect: false,
    activating: false,
    ...overrides,
  };
}

/** Puts owned apps into the state without a word in the story. */
export function own(world: ApplyWorld, ...apps: readonly OwnedApp[]): void {
  for (const app of apps) foldStateChange(world.state, { type: 'app_bound', app });
}

export function planOf(...changes: readonly Change[]): Plan {
  const none = { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, rebind: 0, forget: 0 };
  return {
    formatVersion: 1,
    digest: 'digest',
    createdAt: START,
    expiresAt: START,
    endpoint: ENDPOINT,
    evidence: 'confirmed',
    sourceDigest: 'source',
    state: { lineage: 'lineage', serial: 0 },
    summary: { ...none, unchanged: 0, withheld: 0, unmanaged: 0 },
    changes,
    withheld: [],
    unmanaged: [],
  };
}

export function tokensOf(...keys: readonly string[]): ReadonlyMap<AppId, Secret> {
  return new Map(keys.map((key) => [asAppId(`id-${key}`), new Secret(`token of ${key}`)]));
}

/** What an outcome says, in English. */
export function sayOutcome({ failure, warnings, skippedBecause, ...outcome }: Outcome) {
  return {
    ...outcome,
    ...(failure === undefined ? {} : { failure: { ...failure, message: say(failure.message) } }),
    warnings: warnings.map((warning) => say(warning)),
    ...(skippedBecause === undefined ? {} : { skippedBecause: say(skippedBecause) }),
  };
}
