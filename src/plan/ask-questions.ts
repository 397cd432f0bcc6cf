/** The questions to answer beyond the listing before planning. Walks the same matching as `planChanges`. */

import type { DesiredApp } from '../model/desired.ts';
import { type AppId, compareText } from '../model/identity.ts';
import type { Listing, ObservedApp, Questions } from '../model/observed.ts';
import type { OwnedApp } from '../model/state.ts';
import { describeIdentityChange, isSameValue, managesEvents } from './diff-app.ts';
import { type Match, type Matching, matchApps } from './match-apps.ts';
import { createContext, isDeleteAsked, type MatchContext } from './plan-context.ts';
import type { PlanInput } from './plan-input.ts';
import { holdOrphan, isPrunable } from './propose-orphan.ts';
import { holdReplace } from './propose-replace.ts';
import { holdStray } from './propose-stray.ts';
import { isEventsSightDue } from './refresh-owned.ts';

interface Collected {
  readonly eventsOf: Set<AppId>;
  readonly probe: Set<AppId>;
  confirmListing: boolean;
}

export function askQuestions(input: PlanInput, listing: Listing): Questions {
  const apps = new Map(listing.apps.map((app) => [app.id, app]));
  const matched = createContext(input, { apps, listedAt: listing.startedAt });
  const matching = matchApps(matched);
  // An approved digest may unblock anything, and can only be compared once everything is known.
  const context = { ...matched, approvesAll: input.grants.subjects.size + input.state.grants.length > 0 };
  const asked: Collected = { eventsOf: new Set(), probe: new Set(), confirmListing: false };
  for (const { entry, match } of matching.entries) askAboutEntry(context, asked, { entry, match });
  askAboutTheRest(context, matching, asked);
  return {
    eventsOf: [...asked.eventsOf].sort(compareText),
    probe: [...asked.probe].sort(compareText),
    confirmListing: asked.confirmListing,
  };
}

function askAboutEntry(
  context: MatchContext,
  asked: Collected,
  { entry, match }: { readonly entry: DesiredApp; readonly match: Match },
): void {
  switch (match.kind) {
    case 'owned':
      askAboutOwned(context, asked, { entry, match });
      return;
    case 'pinned':
      askEvents(asked, entry, [match.app]);
      return;
    case 'unowned':
      askEvents(asked, entry, [match.app, ...match.others]);
      return;
    case 'missing':
      askAboutMissing(context, asked, match.owned);
      askEvents(asked, entry, match.matches);
      return;
    case 'open':
      if (match.settlement.kind === 'found') askEvents(asked, entry, [match.settlement.app]);
      if (match.settlement.kind === 'unproven') askEvents(asked, entry, match.settlement.candidates);
      if (match.owned !== undefined) askAboutOpen(context, asked, entry, match.owned);
      return;
    case 'absent':
      if (match.settledAbsent) asked.confirmListing = true;
      return;
    default:
      return;
  }
}

function askAboutOwned(
  context: MatchContext,
  asked: Collected,
  matched: { readonly entry: DesiredApp; readonly match: Extract<Match, { kind: 'owned' }> },
): void {
  const { entry, match } = matched;
  const { app, owned, settledAbsent } = match;
  if (wantsEvents(context, entry, owned)) askEvents(asked, entry, [app]);
  const isDifferent = describeIdentityChange(entry, app, owned).length > 0;
  const isReplaced = isDifferent && holdReplace(context, entry, owned) === undefined;
  if (isReplaced || settledAbsent || owned.replaces !== undefined || owned.rotation !== undefined)
    asked.confirmListing = true;
}

/** The app may have to be replaced by the new one, or its record to be forgotten. */
function askAboutOpen(context: MatchContext, asked: Collected, entry: DesiredApp, owned: OwnedApp): void {
  const app = context.apps.get(owned.id);
  if (app === undefined) {
    askAboutMissing(context, asked, owned);
    return;
  }
  asked.confirmListing = true;
  askEvents(asked, entry, [app]);
}

/**
 * Listing subscriptions costs one call per app, so a daemon lists only those that may differ or have not been
 * checked for a long time.
 */
function wantsEvents(context: MatchContext, entry: DesiredApp, owned: OwnedApp): boolean {
  const { mode, state } = context.input;
  if (mode === 'person' || owned.key !== entry.key || owned.activating) return true;
  if (isEventsSightDue(context, owned) || state.drifts.has(owned.key)) return true;
  return !isSameValue('events', entry.events ?? null, owned.applied.events ?? null);
}

function askEvents(asked: Collected, entry: DesiredApp, apps: readonly ObservedApp[]): void {
  const [app, another] = apps;
  if (app !== undefined && another === undefined && managesEvents(entry)) asked.eventsOf.add(app.id);
}

function askAboutMissing(context: MatchContext, asked: Collected, owned: OwnedApp): void {
  if (!context.missing.has(owned.key)) return;
  asked.confirmListing = true;
  // A suspicious absence is held anyway; probing a whole account would only cost calls.
  if (!context.isSuspicious || context.approvesAll) asked.probe.add(owned.id);
}

function askAboutTheRest(context: MatchContext, matching: Matching, asked: Collected): void {
  for (const orphan of matching.claims.orphans) {
    if (!context.apps.has(orphan.id)) askAboutMissing(context, asked, orphan);
    else if (holdOrphan(context, orphan, matching) === undefined) asked.confirmListing = true;
  }
  for (const intent of matching.claims.leftIntents) {
    if (matching.settlements.get(intent)?.kind === 'absent') asked.confirmListing = true;
  }
  for (const stray of context.marks.strays) {
    if (stray.callbackUrl !== undefined || holdStray(context, stray) !== undefined) continue;
    asked.eventsOf.add(stray.id);
    asked.confirmListing = true;
  }
  for (const app of context.apps.values()) {
    if (!isPrunable(context, app, matching.reserved)) continue;
    asked.confirmListing = true;
    // Somebody looks at what is lost.
    if (isDeleteAsked(context, app.id)) asked.eventsOf.add(app.id);
  }
}
