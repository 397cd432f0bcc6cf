/** Proposals to create an app, first or again. Never before an earlier create is proven to have made none. */

import { message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { ChangeReason } from '../model/plan.ts';
import type { OwnedApp } from '../model/state.ts';
import { buildCreateSteps, buildUpdateSteps, canDeliver } from './build-steps.ts';
import { describeIdentityChange, diffApp, diffNothing } from './diff-app.ts';
import { judgeAbsence, proposeForget } from './judge-absence.ts';
import type { Match } from './match-apps.ts';
import type { PlanContext } from './plan-context.ts';
import { type Decision, type Hold, holdUnlessApproved, makeChange, type Proposal } from './proposal.ts';
import { proposeAppeared, proposeUnowned } from './propose-adopt.ts';
import { proposeOwned } from './propose-owned.ts';
import { proposeReplace } from './propose-replace.ts';
import { isToBeRotated, proposeRotation } from './propose-rotation.ts';
import { findOtherWriter } from './propose-stray.ts';

/** A new app, or a new one for an old key. */
function proposeCreate(
  context: PlanContext,
  entry: DesiredApp,
  why: { readonly reason: ChangeReason; readonly hold?: Hold | undefined; readonly owned?: OwnedApp },
): Proposal {
  const fields = diffNothing(entry);
  const change = makeChange(context, {
    ...{ action: 'create', reason: why.reason, key: entry.key, id: null, entry, fields },
    steps: buildCreateSteps(context, entry, fields),
    destroys: why.owned === undefined ? [] : [message('plan.loses_vanished_token', { id: why.owned.id })],
  });
  return { change, hold: why.hold ?? findOtherWriter(context, entry), deletes: 'nothing' };
}

/** Nothing in the account stands for the entry. */
export function proposeAbsent(context: PlanContext, entry: DesiredApp, settledAbsent: boolean): Decision {
  if (!settledAbsent) return one(proposeCreate(context, entry, { reason: 'new_entry' }));
  const isProven = context.observed.evidence === 'confirmed';
  const hold: Hold | undefined = isProven
    ? undefined
    : {
        reason: 'listing_disagrees',
        message: message('plan.create_unproven'),
      };
  return one(proposeCreate(context, entry, { reason: 'settled_absent', hold }));
}

/** The entry looks like an orphan under another key. */
export function proposeRename(
  context: PlanContext,
  entry: DesiredApp,
  orphans: readonly OwnedApp[],
): Decision {
  const hold = holdUnlessApproved(context, entry.key, {
    reason: 'possible_rename',
    message: message('plan.entry_renamed', { orphans: orphans.map(({ key, id }) => ({ key, id })) }),
    release: message('plan.release_rename', {
      was: String(orphans[0]?.key),
      key: entry.key,
      approve: entry.key,
    }),
    candidates: orphans.map((orphan) => orphan.id),
  });
  return one(proposeCreate(context, entry, { reason: 'new_entry', hold }));
}

/** The owned app of the entry is not in the listing. */
export function proposeMissing(
  context: PlanContext,
  entry: DesiredApp,
  match: Extract<Match, { kind: 'missing' }>,
): Decision {
  const { owned, matches } = match;
  const hold = judgeAbsence(context, owned, entry.key);
  const [app, ...others] = matches;
  if (hold === undefined && app !== undefined) {
    return withForget(context, entry, owned, proposeUnowned(context, entry, { app, others }));
  }
  const create = one(proposeCreate(context, entry, { reason: 'vanished', hold, owned }));
  return withForget(context, entry, owned, create);
}

/** A renamed key whose app is gone leaves a record behind, which goes along with the new start. */
function withForget(context: PlanContext, entry: DesiredApp, owned: OwnedApp, decision: Decision): Decision {
  if (owned.key === entry.key) return decision;
  const forget = proposeForget(context, owned);
  return { ...decision, proposals: [...decision.proposals, ...forget.proposals] };
}

/** An open create of the entry that is not proven absent. */
export function proposeOpen(
  context: PlanContext,
  entry: DesiredApp,
  match: Extract<Match, { kind: 'open' }>,
): Decision {
  const { settlement, intent, owned } = match;
  const shown = owned === undefined ? undefined : context.apps.get(owned.id);
  if (owned !== undefined && shown === undefined) {
    return withForget(context, entry, owned, settle(context, entry, settlement));
  }
  if (owned === undefined || shown === undefined) return settle(context, entry, settlement);
  if (settlement.kind !== 'found') return settle(context, entry, settlement, [shown]);
  if (owned.key === entry.key && describeIdentityChange(entry, shown, owned).length > 0) {
    return proposeReplace(context, entry, { app: shown, newApp: settlement.app });
  }
  if (owned.key === entry.key && isToBeRotated(owned)) {
    return proposeRotation(context, entry, { app: shown, owned, newApp: settlement.app });
  }
  if (intent.nonce === undefined) return proposeAppeared(context, entry, [shown, settlement.app]);
  // The entry has its app, so what its create made in the end is a stray as soon as nobody claims it.
  const decision = proposeOwned(context, entry, { kind: 'owned', app: shown, owned, settledAbsent: false });
  return { ...decision, remember: [...decision.remember, { type: 'intent_closed', key: entry.key }] };
}

/** `others`: apps that the entry might be satisfied with instead. */
function settle(
  context: PlanContext,
  entry: DesiredApp,
  settlement: Extract<Match, { kind: 'open' }>['settlement'],
  others: readonly ObservedApp[] = [],
): Decision {
  if (settlement.kind === 'found') return one(bindNewApp(context, entry, settlement.app));
  if (settlement.kind === 'unproven') {
    return proposeAppeared(context, entry, [...settlement.candidates, ...others]);
  }
  const candidates = others.map((app) => app.id);
  const hold = { ...waitToSettle(context, settlement.until), candidates };
  return one(proposeCreate(context, entry, { reason: 'settled_absent', hold }));
}

function bindNewApp(context: PlanContext, entry: DesiredApp, app: ObservedApp): Proposal {
  const { policy, state } = context.input;
  const events = context.observed.events.get(app.id);
  const isRight = describeIdentityChange(entry, app, undefined).length === 0;
  const fields = isRight ? diffApp(entry, app, { events, applied: undefined }) : [];
  const steps = isRight ? buildUpdateSteps(fields, policy, canDeliver(policy, app)) : [];
  const change = makeChange(context, {
    ...{ action: 'create', reason: 'newborn_found', key: entry.key, id: app.id, entry, app, fields },
    owned: state.apps.get(entry.key),
    steps: [{ do: 'bind', id: app.id, how: 'created' }, ...steps],
  });
  return { change, deletes: 'nothing' };
}

function waitToSettle(context: PlanContext, until: number | undefined): Hold {
  const remainingMs = until === undefined ? 0 : until - context.input.now;
  return { reason: 'settling', message: message('plan.create_settling', { remainingMs }), until };
}

function one(proposal: Proposal): Decision {
  return { proposals: [proposal], remember: [] };
}
