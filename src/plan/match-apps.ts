/**
 * Matches entries to apps, in the order pin, open create, binding, rename, identity. Decides nothing.
 */

import type { DesiredApp } from '../model/desired.ts';
import type { AppId, AppKey } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { CreateIntent, OwnedApp } from '../model/state.ts';
import { type Claims, claimRenames } from './claim-renames.ts';
import { findRenames, type Renames } from './find-renames.ts';
import { isKnownType, isNamedAs } from './identify-app.ts';
import { findLookAlikes, isDeleteAsked, type MatchContext } from './plan-context.ts';
import { type Settlement, settleIntent } from './settle-intent.ts';

export type Match =
  /** The entry owns this app, or takes it over from the key in `owned`. */
  | {
      readonly kind: 'owned';
      readonly app: ObservedApp;
      readonly owned: OwnedApp;
      readonly settledAbsent: boolean;
      /** The app that the entry gives up for this one. */
      readonly previous?: OwnedApp | undefined;
    }
  | { readonly kind: 'pinned'; readonly app: ObservedApp; readonly previous: OwnedApp | undefined }
  | { readonly kind: 'pin_not_found' }
  | { readonly kind: 'pin_taken'; readonly by: AppKey }
  | { readonly kind: 'unknown_app_type'; readonly app: ObservedApp }
  /** An open create of this entry (or of its former key) and its result. */
  | {
      readonly kind: 'open';
      readonly settlement: Exclude<Settlement, { kind: 'absent' }>;
      readonly intent: CreateIntent;
      /** What the entry owns already, or takes over from a key that is gone. */
      readonly owned: OwnedApp | undefined;
    }
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
  /** What became of each open create. */
  readonly settlements: ReadonlyMap<CreateIntent, Settlement>;
}

/**
 * Matches every entry with the account. It decides nothing: rules do that with the answers to the questions.
 */
export function matchApps(context: MatchContext): Matching {
  const claims = claimRenames(context);
  const reserved = new Set<AppId>();
  const settlements = new Map<CreateIntent, Settlement>();
  for (const intent of context.input.state.intents.values()) {
    const settlement = settleIntent(context, intent);
    settlements.set(intent, settlement);
    if (settlement.kind === 'found') reserved.add(settlement.app.id);
    if (settlement.kind === 'unproven') for (const app of settlement.candidates) reserved.add(app.id);
  }
  for (const id of context.pins.keys()) reserved.add(id);
  const renames = findRenames(context, claims.orphans);
  const desired = [...context.input.desired.apps.values()];
  const names = new Set(desired.flatMap(({ name, appType }) => (appType === 'normal' ? [name] : [])));
  const entries = desired.map((entry) => ({
    entry,
    match: matchEntry(context, entry, { claims, reserved, settlements, renames, names }),
  }));
  return { entries, claims, renames, reserved, settlements };
}

interface Surroundings {
  readonly claims: Claims;
  readonly reserved: Set<AppId>;
  readonly settlements: Matching['settlements'];
  readonly renames: Renames;
  /** Of all entries, as they are spelt. */
  readonly names: ReadonlySet<string | undefined>;
}

function matchEntry(context: MatchContext, entry: DesiredApp, around: Surroundings): Match {
  const { state } = context.input;
  const owned = state.apps.get(entry.key) ?? around.claims.apps.get(entry.key);
  if (entry.id !== undefined && owned?.id !== entry.id) return matchPin(context, entry, entry.id, around);
  if (entry.id !== undefined && context.pins.get(entry.id) !== entry.key) return pinTaken(context, entry.id);
  const intent = state.intents.get(entry.key) ?? around.claims.intents.get(entry.key);
  const settled = intent === undefined ? undefined : around.settlements.get(intent);
  if (intent !== undefined && settled !== undefined && settled.kind !== 'absent') {
    return { kind: 'open', settlement: settled, intent, owned };
  }
  const settledAbsent = settled !== undefined;
  if (owned !== undefined) return matchOwned(context, entry, owned, { around, settledAbsent });
  return matchNew(context, entry, { around, settledAbsent });
}

function matchPin(context: MatchContext, entry: DesiredApp, id: AppId, around: Surroundings): Match {
  if (context.pins.get(id) !== entry.key) return pinTaken(context, id);
  const app = context.apps.get(id);
  const owner = context.owners.get(id);
  const claimed = around.claims.apps.get(entry.key);
  const previous = findPrevious(context, entry, around.claims);
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
function findPrevious(context: MatchContext, entry: DesiredApp, claims: Claims): OwnedApp | undefined {
  const owned = context.input.state.apps.get(entry.key);
  if (owned === undefined || !context.apps.has(owned.id)) return undefined;
  return claims.takenFrom.has(owned.key) ? undefined : owned;
}

function pinTaken(context: MatchContext, id: AppId): Match {
  return { kind: 'pin_taken', by: context.pins.get(id) as AppKey };
}

function matchOwned(
  context: MatchContext,
  entry: DesiredApp,
  owned: OwnedApp,
  parts: { readonly around: Surroundings; readonly settledAbsent: boolean },
): Match {
  const app = context.apps.get(owned.id);
  if (app !== undefined) {
    if (!isKnownType(app.appType)) return { kind: 'unknown_app_type', app };
    return { kind: 'owned', app, owned, settledAbsent: parts.settledAbsent };
  }
  if (entry.id !== undefined) return { kind: 'pin_not_found' };
  return { kind: 'missing', owned, matches: findUnowned(context, entry, parts.around) };
}

function matchNew(
  context: MatchContext,
  entry: DesiredApp,
  parts: { readonly around: Surroundings; readonly settledAbsent: boolean },
): Match {
  const { around, settledAbsent } = parts;
  const several = around.claims.ambiguous.get(entry.key);
  if (several !== undefined) return { kind: 'orphans', orphans: several };
  const [app, ...others] = findUnowned(context, entry, around);
  if (app !== undefined) return { kind: 'unowned', app, others };
  const orphans = around.renames.byEntry.get(entry.key);
  if (orphans !== undefined) return { kind: 'rename', orphans };
  return { kind: 'absent', settledAbsent };
}

/** Unowned look-alikes not claimed by another entry; this entry claims them. */
function findUnowned(context: MatchContext, entry: DesiredApp, around: Surroundings): readonly ObservedApp[] {
  const alike = findLookAlikes(context, entry);
  const unowned = alike.filter(
    ({ id }) => !context.owners.has(id) && !around.reserved.has(id) && !isDeleteAsked(context, id),
  );
  const exact = unowned.filter((app) => isNamedAs(app, entry));
  // A name that is only alike in its spelling belongs to the entry that spells it so.
  const free = exact.length > 0 ? exact : unowned.filter((app) => !around.names.has(app.name));
  for (const app of free) around.reserved.add(app.id);
  return free;
}
