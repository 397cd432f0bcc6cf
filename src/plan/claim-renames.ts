/**
 * Which new entry takes over the app or the open create of a removed key: by pin, by `was:`, or by identity.
 */

import type { DesiredApp } from '../model/desired.ts';
import { type AppKey, compareText } from '../model/identity.ts';
import type { CreateIntent, OwnedApp } from '../model/state.ts';
import { groupBy } from './group-by.ts';
import { type Identifiable, identifyApp } from './identify-app.ts';
import type { MatchContext } from './plan-context.ts';

export interface Claims {
  /** By the key of the new entry: the owned app it takes over. */
  readonly apps: ReadonlyMap<AppKey, OwnedApp>;
  /** By the key of the new entry: the open create it takes over. */
  readonly intents: ReadonlyMap<AppKey, CreateIntent>;
  /** By the key of the new entry: several orphans look the same, so none was assigned. */
  readonly ambiguous: ReadonlyMap<AppKey, readonly OwnedApp[]>;
  /** By the key of such an orphan: the new entry that may be it. */
  readonly ambiguousOrphans: ReadonlyMap<AppKey, AppKey>;
  /** The keys whose apps were assigned. */
  readonly takenFrom: ReadonlySet<AppKey>;
  /** Owned apps without an entry. In key order. */
  readonly orphans: readonly OwnedApp[];
  /** Open creates without an entry. In key order. */
  readonly leftIntents: readonly CreateIntent[];
}

interface Left<Thing> {
  readonly free: Map<AppKey, Thing>;
  readonly taken: Map<AppKey, Thing>;
}

export function claimRenames(context: MatchContext): Claims {
  const { desired, state } = context.input;
  const isGone = (key: AppKey) => !desired.apps.has(key);
  const apps: Left<OwnedApp> = { free: keepKeys(state.apps, isGone), taken: new Map() };
  // An entry whose own pin points elsewhere gives up its app, but only to another pin: so two entries can
  // trade places.
  const givenUp: Left<OwnedApp> = {
    free: keepKeys(state.apps, (key) => isPinnedAway(context, key)),
    taken: apps.taken,
  };
  const intents: Left<CreateIntent> = { free: keepKeys(state.intents, isGone), taken: new Map() };
  const ambiguous = new Map<AppKey, readonly OwnedApp[]>();
  if (apps.free.size + intents.free.size + givenUp.free.size > 0) {
    const newcomers = findNewcomers(context);
    for (const entry of newcomers) claimByWord(context, entry, { apps, intents, givenUp });
    // What the account shows counts; the record only stands in for an orphan that is not shown.
    const alike = groupBy(apps.free.values(), (orphan) => identifyApp(showOrphan(context, orphan)));
    const alikeIntents = groupBy(intents.free.values(), identifyApp);
    for (const entry of newcomers) {
      const identity = identifyApp(entry);
      const [intent] = alikeIntents.get(identity) ?? [];
      if (intent !== undefined && !state.intents.has(entry.key)) take(intents, intent.key, entry.key);
      if (entry.id !== undefined || apps.taken.has(entry.key)) continue;
      const orphans = (alike.get(identity) ?? []).filter((orphan) => apps.free.has(orphan.key));
      if (orphans.length > 1) ambiguous.set(entry.key, orphans);
      else if (orphans[0] !== undefined) take(apps, orphans[0].key, entry.key);
    }
  }
  return {
    ...{ apps: apps.taken, intents: intents.taken, ambiguous },
    ambiguousOrphans: new Map(
      [...ambiguous].flatMap(([key, orphans]) => orphans.map((orphan) => [orphan.key, key] as const)),
    ),
    takenFrom: new Set([...apps.taken.values()].map((owned) => owned.key)),
    orphans: [...apps.free.values()],
    leftIntents: [...intents.free.values()],
  };
}

/** A name that still carries a mark may have lost its end, so the record counts then. */
function showOrphan(context: MatchContext, orphan: OwnedApp): Identifiable {
  const app = context.apps.get(orphan.id);
  return app === undefined || app.mark !== undefined ? orphan : app;
}

/** Entries that own nothing yet, and entries whose pin points elsewhere. */
function findNewcomers(context: MatchContext): DesiredApp[] {
  const { desired, state } = context.input;
  return [...desired.apps.values()].filter((entry) => {
    const owned = state.apps.get(entry.key);
    return owned === undefined || (entry.id !== undefined && entry.id !== owned.id);
  });
}

function claimByWord(
  context: MatchContext,
  entry: DesiredApp,
  left: {
    readonly apps: Left<OwnedApp>;
    readonly intents: Left<CreateIntent>;
    readonly givenUp: Left<OwnedApp>;
  },
): void {
  const pinnedFrom = entry.id === undefined ? undefined : context.owners.get(entry.id);
  if (pinnedFrom !== undefined && pinnedFrom.id === entry.id) {
    take(left.apps, pinnedFrom.key, entry.key);
    take(left.givenUp, pinnedFrom.key, entry.key);
  }
  if (entry.was === undefined) return;
  if (entry.id === undefined) take(left.apps, entry.was, entry.key);
  if (!context.input.state.intents.has(entry.key)) take(left.intents, entry.was, entry.key);
}

function isPinnedAway(context: MatchContext, key: AppKey): boolean {
  if (context.pins.size === 0) return false;
  const pin = context.input.desired.apps.get(key)?.id;
  return pin !== undefined && pin !== context.input.state.apps.get(key)?.id;
}

function take<Thing>(left: Left<Thing>, from: AppKey, by: AppKey): void {
  const thing = left.free.get(from);
  if (thing === undefined || left.taken.has(by)) return;
  left.free.delete(from);
  left.taken.set(by, thing);
}

/** In key order, because the record comes in the order of its history. */
function keepKeys<Thing>(
  things: ReadonlyMap<AppKey, Thing>,
  keep: (key: AppKey) => boolean,
): Map<AppKey, Thing> {
  const kept: [AppKey, Thing][] = [];
  for (const [key, thing] of things) if (keep(key)) kept.push([key, thing]);
  return new Map(kept.sort(([left], [right]) => compareText(left, right)));
}
