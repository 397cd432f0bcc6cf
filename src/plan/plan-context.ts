/**
 * The facts of one round, indexed for the rules: who owns an id, which apps look alike, which owned apps are
 * missing.
 */

import { type AppId, type AppKey, compareText } from '../model/identity.ts';
import type { ObservedApp, ObservedState } from '../model/observed.ts';
import type { OwnedApp } from '../model/state.ts';
import { groupBy } from './group-by.ts';
import { type Identifiable, identifyApp } from './identify-app.ts';
import { indexMarks, type MarkIndex } from './index-marks.ts';
import { countApps, countEvents, lagsUntil, type StillListed } from './own-writes.ts';
import { APPROVAL_LIFETIME_MS, DIGEST_PREFIX, type PlanInput } from './plan-input.ts';

/** The input of matching and the questions: the listing, without the answers. */
export interface MatchContext {
  readonly input: PlanInput;
  /** The listed apps as they count. */
  readonly apps: ReadonlyMap<AppId, ObservedApp>;
  /** The listed apps as they are shown: our last writes may not be seen yet. */
  readonly shown: ReadonlyMap<AppId, ObservedApp>;
  readonly stillListed: readonly StillListed[];
  /** When the listing began; what was written later may be missing from it. */
  readonly listedAt: number;
  /** Who owns an id: by binding, or as the app that a replacement still has to delete. */
  readonly owners: ReadonlyMap<AppId, OwnedApp>;
  readonly marks: MarkIndex;
  /** Observed apps by what identifies them, those of one identity sorted by id; no marked one that is not ours. */
  readonly alike: ReadonlyMap<string | null | undefined, readonly ObservedApp[]>;
  /** Owned apps that a listing would have to show and does not. */
  readonly missing: ReadonlySet<AppKey>;
  /** Who pinned an id; the first key in order where several did. */
  readonly pins: ReadonlyMap<AppId, AppKey>;
  /** Too many are missing for them to count as deleted. */
  readonly isSuspicious: boolean;
  /** Keys, ids and digests with a valid grant. */
  readonly granted: ReadonlySet<string>;
  /** The digest of this very plan was approved: everything that can be approved is. */
  readonly approvesAll: boolean;
}

/** The input of the rules: the listing with the answers to the questions. */
export interface PlanContext extends MatchContext {
  /** What was observed, as it counts. */
  readonly observed: ObservedState;
  readonly shownEvents: ObservedState['events'];
}

/** Indexes a listing with the answers. */
export function createPlanContext(input: PlanInput, observed: ObservedState): PlanContext {
  const context = createContext(input, observed);
  const events = countEvents(context, observed.events);
  const counted = { ...observed, apps: context.apps, events };
  return { ...context, observed: counted, shownEvents: observed.events };
}

/** Indexes a listing. `listed` is the listing alone or with the answers. */
export function createContext(
  input: PlanInput,
  listed: Pick<ObservedState, 'apps' | 'listedAt'>,
): MatchContext {
  const { state, policy } = input;
  const { listedAt } = listed;
  const { apps, stillListed } = countApps({ input, listedAt }, listed.apps);
  const missing = new Set<AppKey>();
  for (const owned of state.apps.values()) {
    const mustShow = lagsUntil({ input, listedAt }, owned.boundAt) === undefined;
    if (mustShow && !apps.has(owned.id)) missing.add(owned.key);
  }
  const [owners, pins] = [indexOwners(state.apps), collectPins(input)];
  const marks = indexMarks(state, apps.values(), {
    isOwned: (id) => owners.has(id),
    isPinned: (id) => pins.has(id),
  });
  const isSuspicious = missing.size > 1 && missing.size > policy.limits.missingShare * state.apps.size;
  return {
    ...{ input, apps, shown: listed.apps, stillListed },
    ...{ listedAt, missing, isSuspicious, approvesAll: false },
    ...{ granted: collectGrants(input), pins, owners, marks },
    alike: indexAlike(apps.values(), owners),
  };
}

/** Whether a person released this very change; `subject` is its key, or its id for an unmanaged app. */
export function isApproved(context: MatchContext, subject: string): boolean {
  return context.approvesAll || context.granted.has(subject);
}

/** The grant with which a person has one unmanaged app deleted, whatever `prune` says. It lifts no limit. */
export function deleteGrant(id: AppId): string {
  return `delete:${id}`;
}

/** Whether a person asked for this app to be deleted. */
export function isDeleteAsked(context: MatchContext, id: AppId): boolean {
  return context.granted.has(deleteGrant(id));
}

/** Whether a person approved the plan with this digest, by all of it or by its first characters. */
export function isDigestApproved(context: MatchContext, digest: string): boolean {
  for (const subject of context.granted) {
    if (subject.length >= DIGEST_PREFIX && digest.startsWith(subject)) return true;
  }
  return false;
}

/** The apps of the account that look like this one, ours or not. Sorted by id. */
export function findLookAlikes(context: MatchContext, app: Identifiable): readonly ObservedApp[] {
  return context.alike.get(identifyApp(app)) ?? [];
}

/** Grants expire, because what they approved may have changed. */
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
    if (!isGrantValid(grant, input.now)) continue;
    granted.add(grant.subject);
    for (const id of grant.ids ?? []) granted.add(id);
  }
  return granted;
}

/** A marked app is somebody's unfinished create: only its binding says whose it is. */
function indexAlike(apps: Iterable<ObservedApp>, owners: MatchContext['owners']): MatchContext['alike'] {
  const alike = groupBy(apps, (app) =>
    app.mark === undefined || owners.has(app.id) ? identifyApp(app) : undefined,
  );
  for (const group of alike.values()) group.sort((left, right) => compareText(left.id, right.id));
  return alike;
}
