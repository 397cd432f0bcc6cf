/**
 * What a listing adds to the record of an owned app. Nothing where the record says so: quiet rounds write
 * nothing.
 */

import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { AppliedFields, OwnedApp, OwnedAppPatch, StateChange } from '../model/state.ts';
import { isSameValue, manages, managesEvents, sortSet } from './diff-app.ts';
import type { PlanContext } from './plan-context.ts';

export function refreshOwned(
  context: PlanContext,
  entry: DesiredApp,
  sides: { readonly app: ObservedApp; readonly owned: OwnedApp },
): StateChange[] {
  const { app, owned } = sides;
  const patch: { -readonly [Field in keyof OwnedAppPatch]: OwnedAppPatch[Field] } = {};
  const isListed = context.observed.events.has(app.id);
  const applied = refreshApplied(entry, owned.applied, isListed);
  if (applied !== owned.applied) patch.applied = applied;
  if (app.name !== undefined && app.mark === undefined && app.name !== owned.name) patch.name = app.name;
  if (owned.activating && (isListed || !managesEvents(entry))) patch.activating = false;
  if (isListed && isEventsSightDue(context, owned)) patch.eventsSeenAt = context.listedAt;
  return Object.keys(patch).length === 0 ? [] : [{ type: 'app_changed', key: owned.key, patch }];
}

/** State changes from the entry's own settings, whether or not anything else differs. */
export function refreshStanding(entry: DesiredApp, owned: OwnedApp): StateChange[] {
  if (owned.protect === entry.protect && owned.condemnedAt === undefined) return [];
  const patch: OwnedAppPatch = {
    ...(owned.protect === entry.protect ? {} : { protect: entry.protect }),
    ...(owned.condemnedAt === undefined ? {} : { condemnedAt: null }),
  };
  return [{ type: 'app_changed', key: owned.key, patch }];
}

/** Whether the subscriptions of this app were last seen so long ago that they should be listed again. */
export function isEventsSightDue(
  context: { readonly input: PlanContext['input']; readonly listedAt: number },
  owned: OwnedApp,
): boolean {
  const { eventsSeenAt } = owned;
  return eventsSeenAt === undefined || context.listedAt - eventsSeenAt >= context.input.policy.eventsResyncMs;
}

/**
 * The same object when nothing is new. Fields that are not managed, or were not looked at, keep what was last
 * applied.
 */
function refreshApplied(entry: DesiredApp, applied: AppliedFields, isListed: boolean): AppliedFields {
  const next: { -readonly [Field in keyof AppliedFields]: AppliedFields[Field] } = {};
  if (entry.name !== undefined && manages(entry, 'name') && entry.name !== applied.name)
    next.name = entry.name;
  if (entry.callbackUrl !== undefined && manages(entry, 'callback_url')) {
    const isSame = isSameValue('callback_url', entry.callbackUrl, applied.callbackUrl ?? null);
    if (!isSame) next.callbackUrl = entry.callbackUrl;
  }
  if (isListed && managesEvents(entry) && !isSameValue('events', entry.events, applied.events ?? null)) {
    next.events = sortSet(entry.events);
  }
  return Object.keys(next).length === 0 ? applied : { ...applied, ...next };
}
