/** Proposals for what the file no longer lists: orphans, open creates without an entry, unmanaged apps. */

import { message } from '../messages/message.ts';
import type { AppId } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { CreateIntent, OwnedApp, StateChange } from '../model/state.ts';
import { describeLoss } from './describe-loss.ts';
import { findPause } from './find-pause.ts';
import { isKnownType } from './identify-app.ts';
import { proposeForget } from './judge-absence.ts';
import type { Matching } from './match-apps.ts';
import { lagsUntil, type StillListed } from './own-writes.ts';
import { isDeleteAsked, type MatchContext, type PlanContext } from './plan-context.ts';
import { type Decision, type Hold, holdUnlessApproved, makeChange, NO_DECISION } from './proposal.ts';
import type { Settlement } from './settle-intent.ts';

export function proposeOrphan(context: PlanContext, orphan: OwnedApp, matching: Matching): Decision {
  const app = context.apps.get(orphan.id);
  if (app === undefined) return proposeForget(context, orphan);
  const change = makeChange(context, {
    ...{ action: 'delete', reason: 'orphan', key: orphan.key, id: orphan.id, app, owned: orphan },
    steps: [
      { do: 'delete_app', id: orphan.id },
      { do: 'unbind', id: orphan.id },
    ],
    destroys: describeLoss(app, context.observed.events.get(orphan.id)),
  });
  const hold = holdOrphan(context, orphan, matching);
  const remember = rememberSchedule(context, orphan, hold);
  return { proposals: [{ change, hold, deletes: 'orphan' }], remember };
}

/** Why an orphan that the account shows is kept; `undefined` when it is due. */
export function holdOrphan(context: MatchContext, orphan: OwnedApp, matching: Matching): Hold | undefined {
  const { policy, mode, now } = context.input;
  const app = context.apps.get(orphan.id);
  if (app !== undefined && !isKnownType(app.appType)) {
    const type = app.appType;
    return { reason: 'unknown_app_type', message: message('plan.type_unknown', { id: orphan.id, type }) };
  }
  if (orphan.protect) {
    return { reason: 'protected', message: message('plan.orphan_protected') };
  }
  if (policy.prune === 'never') {
    return { reason: 'prune_never', message: message('plan.orphan_kept') };
  }
  const newKey =
    matching.renames.byOrphan.get(orphan.key) ?? matching.claims.ambiguousOrphans.get(orphan.key);
  const rename = newKey === undefined ? undefined : holdUnlessApprovedRename(context, orphan, newKey);
  if (rename !== undefined) return rename;
  if (mode === 'person') return undefined;
  const until = (orphan.condemnedAt ?? now) + policy.deleteGraceMs;
  if (now >= until) return undefined;
  return {
    reason: 'delete_grace',
    message: message('plan.orphan_grace', { remainingMs: until - now }),
    until,
  };
}

function holdUnlessApprovedRename(context: MatchContext, orphan: OwnedApp, newKey: string): Hold | undefined {
  return holdUnlessApproved(context, orphan.key, {
    reason: 'possible_rename',
    message: message('plan.orphan_renamed', { key: newKey }),
    release: message('plan.release_rename', { was: orphan.key, key: newKey, approve: orphan.key }),
  });
}

/** The grace period runs only while nothing else keeps the app; anything else ends it. */
function rememberSchedule(context: PlanContext, orphan: OwnedApp, hold: Hold | undefined): StateChange[] {
  const { input } = context;
  const isPaused = findPause(input, orphan.key) !== undefined;
  const isScheduled = !isPaused && (hold === undefined || hold.reason === 'delete_grace');
  const patch = (condemnedAt: number | null): StateChange[] => [
    { type: 'app_changed', key: orphan.key, patch: { condemnedAt } },
  ];
  if (!isScheduled) return orphan.condemnedAt === undefined ? [] : patch(null);
  return hold !== undefined && orphan.condemnedAt === undefined ? patch(input.now) : [];
}

/**
 * An open create whose entry is gone: its result becomes ours, so that the next round can treat it as an
 * orphan.
 */
export function proposeLeftIntent(
  context: PlanContext,
  intent: CreateIntent,
  settlement: Settlement | undefined,
): Decision {
  const { key } = intent;
  const base = { action: 'create', key, reason: 'newborn_found' } as const;
  const subject = {
    appType: intent.appType,
    name: intent.name ?? null,
    connectorId: intent.connectorId ?? null,
  };
  switch (settlement?.kind) {
    case 'found': {
      const { app } = settlement;
      const made = makeChange(context, {
        ...{ ...base, id: app.id, app },
        steps: [{ do: 'bind', id: app.id, how: 'created' }],
      });
      const change = { ...made, protect: intent.protect ?? false };
      return { proposals: [{ change, deletes: 'nothing' }], remember: [] };
    }
    case 'unproven': {
      const candidates: AppId[] = settlement.candidates.map((app) => app.id);
      const change = { ...makeChange(context, { ...base, id: null }), ...subject };
      const hold: Hold = {
        reason: 'ambiguous',
        message: message('plan.create_without_entry_ambiguous', { ids: candidates }),
        candidates,
        release: message('plan.release_create_without_entry', { key }),
      };
      return { proposals: [{ change, hold, deletes: 'nothing' }], remember: [] };
    }
    case 'settling': {
      const change = { ...makeChange(context, { ...base, id: null }), ...subject };
      const hold: Hold = {
        reason: 'settling',
        message: message('plan.create_without_entry'),
        until: settlement.until,
      };
      return { proposals: [{ change, hold, deletes: 'nothing' }], remember: [] };
    }
    default: {
      const isProven = context.observed.evidence === 'confirmed';
      return isProven ? { ...NO_DECISION, remember: [{ type: 'intent_closed', key }] } : NO_DECISION;
    }
  }
}

/** An app that was never ours, under `prune: all`. */
export function proposeUnmanaged(context: PlanContext, app: ObservedApp): Decision {
  const change = makeChange(context, {
    ...{ action: 'delete', reason: 'unmanaged', key: null, id: app.id, app },
    steps: [{ do: 'delete_app', id: app.id }],
    destroys: describeLoss(app, context.observed.events.get(app.id)),
  });
  return { proposals: [{ change, deletes: 'unmanaged' }], remember: [] };
}

/** An app that was deleted and is still listed: nothing is sent again. */
export function proposeDeleted(context: PlanContext, { app, deleted }: StillListed): Decision {
  const isReused = deleted.key !== null && context.input.desired.apps.has(deleted.key);
  const key = isReused ? null : deleted.key;
  const change = makeChange(context, {
    ...{ action: 'delete', reason: key === null ? 'unmanaged' : 'orphan', key, id: app.id, app },
  });
  const hold: Hold = {
    reason: 'settling',
    message: message('plan.deleted_recently', { id: app.id }),
    until: lagsUntil(context, deleted.at),
  };
  return { proposals: [{ change, hold, deletes: 'nothing' }], remember: [] };
}

/**
 * Whether `prune: all` or a person reaches this app: known, not owned, and not claimed by an entry. Somebody is
 * creating a marked one, so only a person may delete it.
 */
export function isPrunable(context: MatchContext, app: ObservedApp, reserved: ReadonlySet<AppId>): boolean {
  const isPruned = context.input.policy.prune === 'all' && app.mark === undefined;
  if (!isPruned && !isDeleteAsked(context, app.id)) return false;
  if (!isKnownType(app.appType)) return false;
  return !context.owners.has(app.id) && !reserved.has(app.id);
}
