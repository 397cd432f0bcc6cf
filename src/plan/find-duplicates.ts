/** Unmanaged apps with the identity of an entry that owns another app: two apps may be doing one job. Told, never touched. */

import { message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { AppId } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { DuplicateSeen, OwnedApp, StateChange } from '../model/state.ts';
import { findPause } from './find-pause.ts';
import type { Matching } from './match-apps.ts';
import { findLookAlikes, isDeleteAsked, type PlanContext } from './plan-context.ts';
import { type Decision, type Hold, makeChange, NO_DECISION } from './proposal.ts';

/** One decision for each entry that owns a listed app. An app that looks like two entries is told of the first. */
export function findDuplicates(context: PlanContext, matching: Matching): Decision[] {
  const told = new Set<AppId>(matching.reserved);
  return matching.entries.flatMap(({ entry, match }) => {
    if (match.kind !== 'owned' || match.owned.key !== entry.key) return [];
    const found = findLookAlikes(context, entry).filter(
      ({ id }) =>
        !context.owners.has(id) &&
        !told.has(id) &&
        !isDeleteAsked(context, id) &&
        entry.acceptDuplicates?.includes(id) !== true,
    );
    for (const { id } of found) told.add(id);
    const decision = tellDuplicates(context, { entry, owned: match.owned }, found);
    return decision === NO_DECISION ? [] : [decision];
  });
}

function tellDuplicates(
  context: PlanContext,
  { entry, owned }: { readonly entry: DesiredApp; readonly owned: OwnedApp },
  found: readonly ObservedApp[],
): Decision {
  const { now, policy } = context.input;
  const known = owned.duplicates ?? [];
  if (found.length + known.length === 0) return NO_DECISION;
  const seen = found.map(({ id }) => known.find((each) => each.id === id) ?? { id, at: now });
  const remember = rememberDuplicates(owned, seen);
  // Under `prune: all` they are deleted, and while an entry is paused nobody has to decide about it.
  if (policy.prune === 'all' || findPause(context.input, entry.key) !== undefined) {
    return { proposals: [], remember };
  }
  const proposals = found.map((app) => {
    const change = makeChange(context, {
      ...{ action: 'delete', reason: 'unmanaged', key: entry.key, id: app.id, entry, app },
    });
    const seenForMs = now - (seen.find(({ id }) => id === app.id)?.at ?? now);
    return {
      change,
      hold: holdDuplicate(entry, owned, { id: app.id, seenForMs }),
      deletes: 'nothing',
    } as const;
  });
  return { proposals, remember };
}

function holdDuplicate(
  { key }: DesiredApp,
  owned: OwnedApp,
  { id, seenForMs }: { readonly id: AppId; readonly seenForMs: number },
): Hold {
  return {
    reason: 'duplicate',
    message: message('plan.duplicate_of', { id, ours: owned.id, key, seenForMs }),
    release: message('plan.release_duplicate', { id, key }),
    candidates: [owned.id, id],
  };
}

function rememberDuplicates(owned: OwnedApp, seen: readonly DuplicateSeen[]): StateChange[] {
  const known = owned.duplicates ?? [];
  const isSame = known.length === seen.length && seen.every((each) => known.includes(each));
  if (isSame) return [];
  const duplicates = seen.length === 0 ? null : seen;
  return [{ type: 'app_changed', key: owned.key, patch: { duplicates } }];
}
