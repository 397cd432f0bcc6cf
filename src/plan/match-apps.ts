/**
 * Matching: which entry stands for which app of the account. `askQuestions` and `planChanges` both walk this result, so
 * they cannot disagree. It says what is, in the order pin, open create, binding, rename, identity; it decides nothing.
 */

import type { DesiredApp } from '../model/desired.ts';
import type { AppId, AppKey } from '../model/identity.ts';
import type { Listing, ObservedApp, ObservedState } from '../model/observed.ts';
import type { CreateIntent, OwnedApp } from '../model/state.ts';
import { type Claims, claimRenames } from './claim-renames.ts';
import { findRenames, type Renames } from './find-renames.ts';
import { identifyApp, isKnownType } from './identify-app.ts';
import type { PlanInput } from './plan-input.ts';
import { findNewborns, type Settlement, settleIntent } from './settle-intent.ts';
import { createWorld, findLookAlikes, type World } from './world.ts';

export type Match =
  /** The entry owns this app, or takes it over from the key in `owned`. */
  | {
      readonly kind: 'owned';
      readonly app: ObservedApp;
      readonly owned: OwnedApp;
      readonly settledAbsent: boolean;
      /** The app that the entry lets go of for this one. */
      readonly previous?: OwnedApp | undefined;
    }
  | { readonly kind: 'pinned'; readonly app: ObservedApp; readonly previous: OwnedApp | undefined }
  | { readonly kind: 'pin_not_found' }
  | { readonly kind: 'pin_taken'; readonly by: AppKey }
  | { readonly kind: 'unknown_app_type'; readonly app: ObservedApp }
  /** An open create of this entry (or of the key it was renamed from) and what became of it. */
  | {
      readonly kind: 'open';
      readonly settlement: Exclude<Settlement, { kind: 'absent' }>;
      readonly intent: CreateIntent;
      /** What the entry owns already, or takes over from a key that is gone. */
      readonly owned: OwnedApp | undefined;
    }
  /** Another key has an open create of the same identity; two at once could not be told apart. */
  | { readonly kind: 'waits'; readonly intent: CreateIntent }
  /** Owned, and not in the listing. `matches` are unowned look-alikes that may stand in for it. */
  | { readonly kind: 'missing'; readonly owned: OwnedApp; readonly matches: readonly ObservedApp[] }
  | { readonly kind: 'unowned'; readonly app: ObservedApp; readonly others: readonly ObservedApp[] }
  /** Several orphans could be it. */
  | { readonly kind: 'orphans'; readonly orphans: readonly OwnedApp[] }
  | { readonly kind: 'rename'; readonly orphans: readonly OwnedApp[] }
  | { readonly kind: 'absent'; readonly settledAbsent: boolean };

export interface EntryMatch {
  readonly entry: DesiredApp;
  readonly match: Match;
}

export interface Matching {
  /** In key order. */
  readonly entries: readonly EntryMatch[];
  readonly claims: Claims;
  readonly renames: Renames;
  /** Unowned apps that something else may turn out to be: results of open creates, candidates of entries. */
  readonly reserved: ReadonlySet<AppId>;
}

/** What one listing shows, matched once for the questions and for the plan. */
export interface MatchedListing {
  readonly world: World;
  readonly matching: Matching;
  /** Of the state at that time. */
  readonly serial: number;
}

export function matchListing(input: PlanInput, listing: Listing): MatchedListing {
  const apps = new Map(listing.apps.map((app) => [app.id, app]));
  const world = createWorld(input, { apps, listedAt: listing.startedAt }, false);
  return { world, matching: matchApps(world), serial: input.state.serial };
}

/** Whether it is also what would be matched now: grants, the clock and the answers to questions play no part in it. */
export function isStillMatched(
  { world, serial }: MatchedListing,
  { desired, state, policy }: PlanInput,
  observed: ObservedState,
): boolean {
  const isSameInput =
    world.input.desired === desired && world.input.state === state && world.input.policy === policy;
  const isSameListing = observed.evidence === 'complete' && world.listedAt === observed.listedAt;
  return isSameInput && isSameListing && serial === state.serial;
}

export function matchApps(world: World): Matching {
  const claims = claimRenames(world);
  const reserved = new Set<AppId>();
  for (const intent of world.input.state.intents.values()) {
    for (const app of findNewborns(world, intent)) reserved.add(app.id);
  }
  for (const id of world.pins.keys()) reserved.add(id);
  const open = indexOpenIntents(world, claims);
  const renames = findRenames(world, claims.orphans);
  const entries = [...world.input.desired.apps.values()].map((entry) => ({
    entry,
    match: matchEntry(world, entry, { claims, reserved, open, renames }),
  }));
  return { entries, claims, renames, reserved };
}

interface Surroundings {
  readonly claims: Claims;
  readonly reserved: Set<AppId>;
  /** Open creates by identity, with the key they now belong to. */
  readonly open: ReadonlyMap<string | null, { readonly key: AppKey; readonly intent: CreateIntent }>;
  readonly renames: Renames;
}

function matchEntry(world: World, entry: DesiredApp, around: Surroundings): Match {
  const { state } = world.input;
  const owned = state.apps.get(entry.key) ?? around.claims.apps.get(entry.key);
  if (entry.id !== undefined && owned?.id !== entry.id) return matchPin(world, entry, entry.id, around);
  if (entry.id !== undefined && world.pins.get(entry.id) !== entry.key) return pinTaken(world, entry.id);
  const intent = state.intents.get(entry.key) ?? around.claims.intents.get(entry.key);
  const settled = intent === undefined ? undefined : settleIntent(world, intent);
  if (intent !== undefined && settled !== undefined && settled.kind !== 'absent') {
    return { kind: 'open', settlement: settled, intent, owned };
  }
  const settledAbsent = settled !== undefined;
  if (owned !== undefined) return matchOwned(world, entry, owned, { around, settledAbsent });
  return matchNew(world, entry, { around, settledAbsent });
}

function matchPin(world: World, entry: DesiredApp, id: AppId, around: Surroundings): Match {
  if (world.pins.get(id) !== entry.key) return pinTaken(world, id);
  const app = world.apps.get(id);
  const owner = world.owners().get(id);
  const claimed = around.claims.apps.get(entry.key);
  const previous = findPrevious(world, entry, around.claims);
  if (claimed?.id === id && app !== undefined) {
    return isKnownType(app.appType)
      ? { kind: 'owned', app, owned: claimed, settledAbsent: false, previous }
      : { kind: 'unknown_app_type', app };
  }
  if (owner !== undefined && owner.key !== entry.key) return { kind: 'pin_taken', by: owner.key };
  if (app === undefined) return { kind: 'pin_not_found' };
  if (!isKnownType(app.appType)) return { kind: 'unknown_app_type', app };
  return { kind: 'pinned', app, previous };
}

/** The app that a pin makes an entry let go of, unless another entry takes it over. */
function findPrevious(world: World, entry: DesiredApp, claims: Claims): OwnedApp | undefined {
  const owned = world.input.state.apps.get(entry.key);
  if (owned === undefined || !world.apps.has(owned.id)) return undefined;
  return claims.takenFrom.has(owned.key) ? undefined : owned;
}

function pinTaken(world: World, id: AppId): Match {
  return { kind: 'pin_taken', by: world.pins.get(id) as AppKey };
}

function matchOwned(
  world: World,
  entry: DesiredApp,
  owned: OwnedApp,
  context: { readonly around: Surroundings; readonly settledAbsent: boolean },
): Match {
  const app = world.apps.get(owned.id);
  if (app !== undefined) {
    if (!isKnownType(app.appType)) return { kind: 'unknown_app_type', app };
    return { kind: 'owned', app, owned, settledAbsent: context.settledAbsent };
  }
  if (entry.id !== undefined) return { kind: 'pin_not_found' };
  return { kind: 'missing', owned, matches: findUnowned(world, entry, context.around) };
}

function matchNew(
  world: World,
  entry: DesiredApp,
  context: { readonly around: Surroundings; readonly settledAbsent: boolean },
): Match {
  const { around, settledAbsent } = context;
  const several = around.claims.ambiguous.get(entry.key);
  if (several !== undefined) return { kind: 'orphans', orphans: several };
  const other = around.open.get(identifyApp(entry));
  if (other !== undefined && other.key !== entry.key) return { kind: 'waits', intent: other.intent };
  const [app, ...others] = findUnowned(world, entry, around);
  if (app !== undefined) return { kind: 'unowned', app, others };
  const orphans = around.renames.byEntry.get(entry.key);
  if (orphans !== undefined) return { kind: 'rename', orphans };
  return { kind: 'absent', settledAbsent };
}

/** Unowned look-alikes that nothing else has spoken for; from now on this entry has. */
function findUnowned(world: World, entry: DesiredApp, around: Surroundings): readonly ObservedApp[] {
  const alike = findLookAlikes(world, entry);
  const free = alike.filter((app) => !world.owners().has(app.id) && !around.reserved.has(app.id));
  for (const app of free) around.reserved.add(app.id);
  return free;
}

function indexOpenIntents(world: World, claims: Claims): Surroundings['open'] {
  const movedTo = new Map<AppKey, AppKey>();
  for (const [key, intent] of claims.intents) movedTo.set(intent.key, key);
  const open = new Map<string | null, { readonly key: AppKey; readonly intent: CreateIntent }>();
  for (const intent of world.input.state.intents.values()) {
    open.set(identifyApp(intent), { key: movedTo.get(intent.key) ?? intent.key, intent });
  }
  return open;
}
