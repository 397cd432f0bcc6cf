/** Builds what the planner is told, with sensible defaults, so that a test says only what it is about. */

import { sha256 } from '../../src/lib/sha256.ts';
import { type Message, recorded } from '../../src/messages/message.ts';
import { say } from '../../src/messages/say.ts';
import type { DesiredApp } from '../../src/model/desired.ts';
import { type AppId, type AppKey, asAppId, asAppKey, asConnectorId } from '../../src/model/identity.ts';
import type { Evidence, Listing, ObservedApp, ObservedState, ProbeResult } from '../../src/model/observed.ts';
import type { Plan, PlanResult } from '../../src/model/plan.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Policy } from '../../src/model/settings.ts';
import { emptyState, type MutableState, type OwnedApp } from '../../src/model/state.ts';
import { askQuestions } from '../../src/plan/ask-questions.ts';
import { planChanges } from '../../src/plan/plan-changes.ts';
import type { PlanInput } from '../../src/plan/plan-input.ts';

export const ENDPOINT = 'https://api.example.com';
export const NOW = Date.UTC(2026, 5, 1, 12);
export const MINUTE = 60_000;

export const digest = sha256;
export const id = (number: number) => asAppId(String(7_512_000_000_000_000_000n + BigInt(number)));

type Loose<Type> = { [Field in keyof Type]?: Type[Field] | undefined };

/** A normal entry that manages its name only; everything else by overrides. */
export function entry(key: string, overrides: Loose<DesiredApp> = {}): DesiredApp {
  const isConnector = overrides.appType === 'connector';
  const app = {
    key: asAppKey(key),
    appType: 'normal' as const,
    ...(isConnector ? { connectorId: asConnectorId('1000') } : { name: key }),
    ...{ protect: false, replace: 'withhold' as const, ignore: [] },
    position: { file: 'config.yaml', line: 1, column: 1 },
  };
  return clean({ ...app, ...overrides });
}

export function observedApp(number: number, overrides: Loose<ObservedApp> = {}): ObservedApp {
  return clean({ id: id(number), appType: 'normal', verifyToken: new Secret('hidden'), ...overrides });
}

/** An app that was bound long ago. */
export function ownedApp(key: string, number: number, overrides: Loose<OwnedApp> = {}): OwnedApp {
  return clean({
    ...{
      key: asAppKey(key),
      id: id(number),
      appType: 'normal' as const,
      how: 'created' as const,
      boundAt: 0,
    },
    ...{ applied: {}, protect: false, activating: false },
    ...overrides,
  });
}

export const POLICY: Policy = {
  creates: 'auto',
  ...{ adopt: 'identical', prune: 'owned', deleteGraceMs: 10 * MINUTE, settleMs: 10_000, preflight: 'off' },
  limits: { deletesPerRound: 5, deletesShare: 0.3, deletesPerDay: 20, missingShare: 0.3 },
  contested: { reversals: 3, windowMs: 60 * MINUTE },
  eventsResyncMs: 360 * MINUTE,
  deliversTokens: false,
};

export function planInput(
  parts: {
    readonly entries?: readonly DesiredApp[];
    readonly owned?: readonly OwnedApp[];
    readonly state?: MutableState;
    readonly policy?: Partial<Policy>;
  } = {},
  overrides: Partial<PlanInput> = {},
): PlanInput {
  const entries = [...(parts.entries ?? [])].sort((left, right) => (left.key < right.key ? -1 : 1));
  const state = parts.state ?? emptyState('lineage', ENDPOINT);
  for (const app of parts.owned ?? []) state.apps.set(app.key, app);
  return {
    desired: { apps: new Map(entries.map((each) => [each.key, each])), digest: 'desired' },
    state,
    policy: { ...POLICY, ...parts.policy },
    now: NOW,
    mode: 'person',
    grants: { allowDeletes: false, subjects: new Set() },
    digest,
    endpoint: ENDPOINT,
    ...overrides,
  };
}

export interface Account {
  readonly apps: readonly ObservedApp[];
  readonly events?: ReadonlyMap<AppId, readonly string[]>;
  /** What a probe of a missing app says; absent by default. */
  readonly probe?: ProbeResult;
  /** What a second listing would make of it; `confirmed` by default. */
  readonly evidence?: Evidence;
  /** When the listing began; now by default. */
  readonly listedAt?: number;
}

export function listingOf(account: Account, now = NOW): Listing {
  const apps = [...account.apps].sort((left, right) => (left.id < right.id ? -1 : 1));
  const at = account.listedAt ?? now;
  return { apps, pages: 1, startedAt: at, endedAt: at };
}

/** Answers the planner's own questions from the account, and plans. */
export function planOn(input: PlanInput, account: Account): PlanResult & { observed: ObservedState } {
  const listing = listingOf(account, input.now);
  const questions = askQuestions(input, listing);
  const observed: ObservedState = {
    apps: new Map(account.apps.map((app) => [app.id, app])),
    evidence: questions.confirmListing ? (account.evidence ?? 'confirmed') : 'complete',
    events: new Map(questions.eventsOf.map((each) => [each, account.events?.get(each) ?? []])),
    probes: new Map(questions.probe.map((each) => [each, account.probe ?? 'absent'])),
    listedAt: listing.startedAt,
  };
  return { ...planChanges(input, observed), observed };
}

export const keyOf = (key: string): AppKey => asAppKey(key);

function clean<Type extends object>(value: Loose<Type>): Type {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Type;
}

/** The plan as it is read back after saving: its sentences are English texts. */
export function withSavedTexts(plan: Plan): Plan {
  const saved = (sentence: Message) => recorded(say(sentence));
  return {
    ...plan,
    changes: plan.changes.map((item) => ({ ...item, destroys: item.destroys.map(saved) })),
    withheld: plan.withheld.map((item) => ({
      ...item,
      message: saved(item.message),
      release: saved(item.release),
    })),
  };
}
