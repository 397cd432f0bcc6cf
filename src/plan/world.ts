/**
 * The facts of one round, indexed once so that every rule looks them up in constant time: who owns which id, which apps
 * look alike, which owned apps are missing. It concludes nothing about single entries.
 */

import { type AppId, type AppKey, type AppType, compareText } from '../model/identity.ts';
import type { ObservedApp, ObservedState } from '../model/observed.ts';
import type { OwnedApp } from '../model/state.ts';
import { type Identifiable, isKnownType, nameIdentity } from './identify-app.ts';
import { APPROVAL_LIFETIME_MS, DIGEST_PREFIX, type PlanInput } from './plan-input.ts';

type AlikeIndex = ReadonlyMap<string | undefined, ObservedApp | readonly ObservedApp[]>;

export interface World {
  readonly input: PlanInput;
  readonly apps: ReadonlyMap<AppId, ObservedApp>;
  /** When the listing began; what was written later may be missing from it. */
  readonly listedAt: number;
  /**
   * Who owns an id: by binding, or as the app that a replacement still has to delete. Made when it is first asked for, as
   * `alike` is, because a round in which everything is bound asks neither before it plans.
   */
  readonly owners: () => ReadonlyMap<AppId, OwnedApp>;
  /** Observed apps by what identifies them; most have no twin, and those stand there without a list. */
  readonly alike: () => Readonly<Record<AppType, AlikeIndex>>;
  /** Owned apps that a listing would have to show and does not. */
  readonly missing: ReadonlySet<AppKey>;
  /** Who pinned an id; the first key in order where several did. */
  readonly pins: ReadonlyMap<AppId, AppKey>;
  /** More of them are missing than can be believed. */
  readonly isSuspicious: boolean;
  /** Keys, ids and digests with a valid grant. */
  readonly granted: ReadonlySet<string>;
  /** The digest of this very plan was approved: everything that can be approved is. */
  readonly approvesAll: boolean;
}

/** The world together with the answers to the planner's questions. */
export interface Situation extends World {
  readonly observed: ObservedState;
}

/** What a listing shows, without the answers. */
export interface Sighting {
  readonly apps: ReadonlyMap<AppId, ObservedApp>;
  readonly listedAt: number;
}

export function createWorld(input: PlanInput, sighting: Sighting, approvesAll: boolean): World {
  const { state, policy } = input;
  const { apps, listedAt } = sighting;
  const missing = new Set<AppKey>();
  for (const owned of state.apps.values()) {
    const mustShow = listedAt >= owned.boundAt + policy.settleMs;
    if (mustShow && !apps.has(owned.id)) missing.add(owned.key);
  }
  const isSuspicious = missing.size > 1 && missing.size > policy.limits.missingShare * state.apps.size;
  const granted = collectGrants(input);
  return {
    ...{ input, apps, listedAt, missing, isSuspicious, granted, approvesAll },
    pins: collectPins(input),
    owners: once(() => indexOwners(state.apps)),
    alike: once(() => indexAlike(apps.values())),
  };
}

/** The same world for a later input that differs in time and grants only. */
export function renewGrants(world: World, input: PlanInput): World {
  return { ...world, input, granted: collectGrants(input) };
}

/** Whether a person released this very change; `subject` is its key, or its id for an unmanaged app. */
export function isApproved(world: World, subject: string): boolean {
  return world.approvesAll || world.granted.has(subject);
}

/** Whether a person approved the plan with this digest, by all of it or by its first characters. */
export function isDigestApproved(world: World, digest: string): boolean {
  for (const subject of world.granted) {
    if (subject.length >= DIGEST_PREFIX && digest.startsWith(subject)) return true;
  }
  return false;
}

/** The apps of the account that look like this one, ours or not. Sorted by id. */
export function findLookAlikes(
  world: World,
  app: Identifiable & { readonly appType: AppType },
): readonly ObservedApp[] {
  const found = world.alike()[app.appType].get(nameIdentity(app));
  if (found === undefined) return [];
  return isList(found) ? found : [found];
}

/** An old grant is void: what it was given for has changed hands since. */
export function isGrantValid(grant: { readonly at: number }, now: number): boolean {
  return now < grant.at + APPROVAL_LIFETIME_MS;
}

function indexOwners(apps: ReadonlyMap<AppKey, OwnedApp>): Map<AppId, OwnedApp> {
  const owners = new Map<AppId, OwnedApp>();
  for (const owned of apps.values()) {
    if (owned.replaces !== undefined) owners.set(owned.replaces, owned);
  }
  for (const owned of apps.values()) owners.set(owned.id, owned);
  return owners;
}

function collectPins(input: PlanInput): Map<AppId, AppKey> {
  const pins = new Map<AppId, AppKey>();
  for (const entry of input.desired.apps.values()) {
    if (entry.id !== undefined && !pins.has(entry.id)) pins.set(entry.id, entry.key);
  }
  return pins;
}

function collectGrants(input: PlanInput): Set<string> {
  const granted = new Set(input.grants.subjects);
  for (const grant of input.state.grants) {
    if (isGrantValid(grant, input.now)) granted.add(grant.subject);
  }
  return granted;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function indexAlike(apps: Iterable<ObservedApp>): ReturnType<World['alike']> {
  const index = {
    normal: new Map<string | undefined, ObservedApp | ObservedApp[]>(),
    connector: new Map<string | undefined, ObservedApp | ObservedApp[]>(),
  };
  const twins: ObservedApp[][] = [];
  for (const app of apps) {
    if (!isKnownType(app.appType)) continue;
    const identity = nameIdentity(app);
    if (identity === undefined) continue;
    const found = index[app.appType].get(identity);
    if (found === undefined) index[app.appType].set(identity, app);
    else if (isList(found)) found.push(app);
    else {
      const both = [found, app];
      twins.push(both);
      index[app.appType].set(identity, both);
    }
  }
  for (const alike of twins) alike.sort((left, right) => compareText(left.id, right.id));
  return index;
}

function isList<List extends readonly ObservedApp[]>(found: ObservedApp | List): found is List {
  return Array.isArray(found);
}
