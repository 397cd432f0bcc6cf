/** Proposals for an app that is owned and listed: update, rename of its key, replacement, or none. */

import { message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { FieldChange } from '../model/plan.ts';
import type { OwnedApp, StateChange } from '../model/state.ts';
import { buildUpdateSteps, canDeliver } from './build-steps.ts';
import { describeLoss, describeUnbinding } from './describe-loss.ts';
import { describeIdentityChange, diffApp } from './diff-app.ts';
import { findContest } from './find-contest.ts';
import type { Match } from './match-apps.ts';
import { lagsUntil } from './own-writes.ts';
import type { PlanContext } from './plan-context.ts';
import { type Decision, type Hold, makeChange, NO_DECISION, type Proposal } from './proposal.ts';
import { proposeReplace } from './propose-replace.ts';
import {
  holdOverlap,
  isNextPending,
  isToBeRotated,
  proposeRotation,
  retireToken,
  throughNext,
} from './propose-rotation.ts';
import { refreshOwned } from './refresh-owned.ts';

export function proposeOwned(
  context: PlanContext,
  entry: DesiredApp,
  match: Extract<Match, { kind: 'owned' }>,
): Decision {
  const { app, owned, settledAbsent, previous } = match;
  const isOurs = owned.key === entry.key;
  const identity = describeIdentityChange(entry, app, owned);
  if (isOurs && identity.length > 0) return proposeReplace(context, entry, { app, settledAbsent });
  if (isOurs && isToBeRotated(owned)) return proposeRotation(context, entry, { app, owned, settledAbsent });
  if (!isOurs) {
    return { proposals: [rebind(context, entry, { app, owned, identity, previous })], remember: [] };
  }
  const listed = context.observed.events.get(app.id);
  const fields = diffApp(entry, app, {
    events: listed ?? owned.applied.events,
    applied: owned.applied,
  });
  const needsToken = canDeliver(context.input.policy, app) && owned.tokenFingerprint === undefined;
  const closed = closeSettled(context, entry, settledAbsent);
  const isRotating = isNextPending(owned);
  if (fields.length === 0 && !needsToken && !isRotating) {
    const left = deleteReplaced(context, entry, owned);
    const refreshed = refreshOwned(context, entry, { app, owned });
    const remember = [...closed, ...refreshed, ...left.remember];
    const retired = retireToken(context, entry, app);
    const proposals = [...waitToShow(context, entry, owned), ...left.proposals, ...retired];
    return remember.length + proposals.length === 0 ? NO_DECISION : { proposals, remember };
  }
  const steps = buildUpdateSteps(fields, context.input.policy, needsToken);
  const contest = findContest(context, owned, { entry, fields });
  const change = makeChange(context, {
    ...{ action: 'update', key: entry.key, id: app.id, entry, app, owned, fields },
    reason: isRotating ? 'rotation' : owned.activating || fields.length === 0 ? 'unfinished' : 'differs',
    steps: isRotating ? throughNext(steps) : steps,
  });
  return {
    proposals: [{ change, hold: contest.hold, deletes: 'nothing' }],
    remember: [...closed, ...contest.remember],
  };
}

/** Our own writes that the listing does not show yet: reported, and not sent again. */
function waitToShow(context: PlanContext, entry: DesiredApp, owned: OwnedApp): Proposal[] {
  const until = lagsUntil(context, owned.writtenAt);
  const app = context.shown.get(owned.id);
  if (until === undefined || app === undefined) return [];
  const events = context.shownEvents.get(owned.id);
  const fields = diffApp(entry, app, { events, applied: owned.applied });
  if (fields.length === 0) return [];
  const change = makeChange(context, {
    ...{ action: 'update', reason: 'differs', key: entry.key, id: app.id, entry, app, owned, fields },
  });
  const hold: Hold = {
    reason: 'settling',
    message: message('plan.written_recently', { fields: fields.map(({ path }) => path) }),
    until,
  };
  return [{ change, hold, deletes: 'nothing' }];
}

function rebind(
  context: PlanContext,
  entry: DesiredApp,
  parts: {
    readonly app: ObservedApp;
    readonly owned: OwnedApp;
    readonly identity: readonly FieldChange[];
    readonly previous: OwnedApp | undefined;
  },
): Proposal {
  const { app, owned, identity } = parts;
  const { policy } = context.input;
  // An app of another type is only renamed now; the next round sees it as its own and decides about replacing
  // it.
  const events = context.observed.events.get(app.id);
  const fields = identity.length > 0 ? [] : diffApp(entry, app, { events, applied: owned.applied });
  const change = makeChange(context, {
    ...{ action: 'rebind', reason: 'renamed_key', key: entry.key, id: app.id, entry, app, owned, fields },
    from: owned.key,
    destroys: describeUnbinding(parts.previous),
    steps: [
      { do: 'bind', id: app.id, how: 'rebound' },
      ...buildUpdateSteps(fields, policy, canDeliver(policy, app)),
    ],
  });
  return { change, deletes: 'nothing' };
}

/** Delete the replaced app once the new one is complete. */
function deleteReplaced(context: PlanContext, entry: DesiredApp, owned: OwnedApp): Decision {
  if (owned.replaces === undefined) return NO_DECISION;
  const app = context.apps.get(owned.replaces);
  const isRotated = owned.rotation !== undefined;
  if (app === undefined) {
    return {
      proposals: [],
      remember: [{ type: 'app_changed', key: owned.key, patch: { replaces: null } }],
    };
  }
  const change = makeChange(context, {
    ...{ action: 'delete', key: entry.key, id: app.id, app },
    reason: isRotated ? 'rotation' : 'identity_changed',
    steps: [{ do: 'delete_app', id: app.id }, ...(isRotated ? [{ do: 'retire_token' } as const] : [])],
    destroys: describeLoss(app, context.observed.events.get(app.id)),
  });
  // A person asked for the rotation, so `protect` does not keep the old app.
  const hold = isRotated ? holdOverlap(context, owned) : holdProtected(entry, owned, app);
  return { proposals: [{ change, hold, deletes: 'replaced' }], remember: [] };
}

function holdProtected(entry: DesiredApp, owned: OwnedApp, app: ObservedApp): Hold | undefined {
  if (!entry.protect) return undefined;
  return {
    reason: 'protected',
    message: message('plan.replaced_protected', { id: app.id, by: owned.id }),
    release: message('plan.release_protect', { key: entry.key }),
  };
}

/** A failed open create is forgotten once its entry has an app. */
function closeSettled(context: PlanContext, entry: DesiredApp, settledAbsent: boolean): StateChange[] {
  const isProven = settledAbsent && context.observed.evidence === 'confirmed';
  return isProven ? [{ type: 'intent_closed', key: entry.key }] : [];
}
