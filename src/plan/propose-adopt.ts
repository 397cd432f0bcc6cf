/**
 * Proposals for an existing app that is not ours: adopt it, bind it by pin, or ask. Never creates a
 * duplicate.
 */

import { type Message, message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { ChangeReason, FieldChange } from '../model/plan.ts';
import type { OwnedApp } from '../model/state.ts';
import { buildUpdateSteps, canDeliver } from './build-steps.ts';
import { describeUnbinding } from './describe-loss.ts';
import { describeIdentityChange, diffApp, managesEvents } from './diff-app.ts';
import { isNamedAs } from './identify-app.ts';
import type { PlanContext } from './plan-context.ts';
import { type Decision, type Hold, holdUnlessApproved, makeChange } from './proposal.ts';

/** Unowned look-alikes of an entry that owns nothing, or whose own app is gone. */
export function proposeUnowned(
  context: PlanContext,
  entry: DesiredApp,
  found: { readonly app: ObservedApp; readonly others: readonly ObservedApp[] },
): Decision {
  const { app, others } = found;
  if (others.length > 0) return holdAmbiguous(context, entry, [app, ...others]);
  const fields = diffUnowned(context, entry, app);
  const isIdentical = fields.length === 0 && knowsEnough(context, entry, app);
  const hold = holdUnlessApproved(context, entry.key, {
    reason: 'unowned_match',
    message: explainMatch(context, app, { fields, isIdentical }),
    candidates: [app.id],
  });
  const isAllowed = mayAdopt(context, isIdentical) && isNamedAs(app, entry);
  const reason = isIdentical ? 'identical' : 'by_name';
  return adopt(context, entry, { app, fields, reason, hold: isAllowed ? undefined : hold });
}

/**
 * What appeared after a create of the entry whose outcome is not known. Nothing proves that the create made it,
 * so it is taken only by approval.
 */
export function proposeAppeared(
  context: PlanContext,
  entry: DesiredApp,
  apps: readonly ObservedApp[],
): Decision {
  const [app, another] = apps;
  if (app === undefined || another !== undefined) return holdAmbiguous(context, entry, apps);
  const identity = describeIdentityChange(entry, app, undefined);
  const fields = [...identity, ...diffUnowned(context, entry, app)];
  const hold = holdUnlessApproved(context, entry.key, {
    reason: 'unowned_match',
    message: message('plan.match_unproven', { id: app.id }),
    candidates: [app.id],
  });
  return adopt(context, entry, { app, fields, reason: 'by_name', hold });
}

function holdAmbiguous(context: PlanContext, entry: DesiredApp, apps: readonly ObservedApp[]): Decision {
  const candidates = apps.map((app) => app.id);
  const change = makeChange(context, {
    ...{ action: 'adopt', reason: 'by_name', key: entry.key, id: null, entry },
  });
  const hold: Hold = {
    reason: 'ambiguous',
    message: message('plan.several_matches', { ids: candidates }),
    candidates,
  };
  return { proposals: [{ change, hold, deletes: 'nothing' }], remember: [] };
}

/** The app that the entry pins. */
export function proposePinned(
  context: PlanContext,
  entry: DesiredApp,
  found: { readonly app: ObservedApp; readonly previous: OwnedApp | undefined },
): Decision {
  const { app, previous } = found;
  const identity = describeIdentityChange(entry, app, undefined);
  const fields = [...identity, ...diffUnowned(context, entry, app)];
  const hold: Hold | undefined =
    identity.length === 0
      ? undefined
      : {
          reason: 'replace_not_allowed',
          message: message('plan.pinned_other_type'),
          release: message('plan.release_pin', { key: entry.key }),
        };
  return adopt(context, entry, { app, previous, fields, reason: 'pinned', hold });
}

function adopt(
  context: PlanContext,
  entry: DesiredApp,
  parts: {
    readonly app: ObservedApp;
    readonly previous?: OwnedApp | undefined;
    readonly fields: readonly FieldChange[];
    readonly reason: ChangeReason;
    readonly hold: Hold | undefined;
  },
): Decision {
  const { app, previous, fields, reason, hold } = parts;
  const { policy } = context.input;
  const change = makeChange(context, {
    ...{ action: 'adopt', reason, key: entry.key, id: app.id, entry, app, fields },
    steps: [
      { do: 'bind', id: app.id, how: 'adopted' },
      ...buildUpdateSteps(fields, policy, canDeliver(policy, app)),
    ],
    destroys: describeUnbinding(previous),
  });
  return { proposals: [{ change, hold, deletes: 'nothing' }], remember: [] };
}

function diffUnowned(context: PlanContext, entry: DesiredApp, app: ObservedApp): FieldChange[] {
  return diffApp(entry, app, { events: context.observed.events.get(app.id), applied: undefined });
}

function knowsEnough(context: PlanContext, entry: DesiredApp, app: ObservedApp): boolean {
  return !managesEvents(entry) || context.observed.events.has(app.id);
}

function mayAdopt(context: PlanContext, isIdentical: boolean): boolean {
  const { adopt: policy } = context.input.policy;
  return policy === 'by_name' || (policy === 'identical' && isIdentical);
}

function explainMatch(
  context: PlanContext,
  app: ObservedApp,
  found: { readonly fields: readonly FieldChange[]; readonly isIdentical: boolean },
): Message {
  const { id } = app;
  const { adopt: policy } = context.input.policy;
  if (found.isIdentical) return message('plan.match_equals', { id, adopt: policy });
  const differing = found.fields.map((field) => field.path);
  const fields = differing.length === 0 ? ['events'] : differing;
  return message('plan.match_differs', { id, adopt: policy, fields });
}
