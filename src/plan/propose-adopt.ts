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
  const candidates = [app, ...others].map((match) => match.id);
  if (others.length > 0) {
    const change = makeChange(context, {
      action: 'adopt',
      reason: 'by_name',
      key: entry.key,
      id: null,
      entry,
    });
    const hold: Hold = {
      reason: 'ambiguous',
      message: message('plan.several_matches', { ids: candidates }),
      candidates,
    };
    return { proposals: [{ change, hold, deletes: 'nothing' }], remember: [] };
  }
  const fields = diffUnowned(context, entry, app);
  const isIdentical = fields.length === 0 && knowsEnough(context, entry, app);
  const hold = holdUnlessApproved(context, entry.key, {
    reason: 'unowned_match',
    message: explainMatch(context, app, { fields, isIdentical }),
    candidates,
  });
  const isAllowed = mayAdopt(context, isIdentical) && isNamedAs(app, entry);
  const reason = isIdentical ? 'identical' : 'by_name';
  return adopt(context, entry, { app, fields, reason, hold: isAllowed ? undefined : hold });
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
