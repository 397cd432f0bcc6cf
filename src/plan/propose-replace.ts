/** Proposals for an app whose type or channel cannot become its entry's. The old app is deleted last. */

import { message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { ChangeReason, FieldChange, Step } from '../model/plan.ts';
import type { OwnedApp } from '../model/state.ts';
import { buildCreateSteps, buildUpdateSteps, canDeliver } from './build-steps.ts';
import { describeLoss } from './describe-loss.ts';
import { describeIdentityChange, diffApp, diffNothing } from './diff-app.ts';
import type { MatchContext, PlanContext } from './plan-context.ts';
import { type Decision, type Hold, holdUnlessApproved, makeChange } from './proposal.ts';
import { findOtherWriter } from './propose-stray.ts';

export function proposeReplace(
  context: PlanContext,
  entry: DesiredApp,
  parts: {
    readonly app: ObservedApp;
    /** What an earlier attempt made, found by its open create. */
    readonly newApp?: ObservedApp;
    readonly settledAbsent?: boolean;
  },
): Decision {
  const { app, newApp } = parts;
  const owned = context.input.state.apps.get(entry.key);
  const identity = describeIdentityChange(entry, app, owned);
  const made = newApp === undefined ? makeNew(context, entry) : useNewApp(context, entry, newApp);
  const change = makeChange(context, {
    ...{ action: 'replace', reason: tellReason(parts), key: entry.key, id: app.id, entry, app, owned },
    fields: [...identity, ...made.fields.filter((field) => field.path !== 'connector_id')],
    steps: [...made.steps, { do: 'delete_app', id: app.id }],
    destroys: describeLoss(app, context.observed.events.get(app.id)),
  });
  const isMade = newApp !== undefined;
  const hold = holdReplace(context, entry, owned) ?? (isMade ? undefined : findOtherWriter(context, entry));
  return { proposals: [{ change, hold, deletes: 'replaced' }], remember: [] };
}

interface Made {
  readonly steps: readonly Step[];
  readonly fields: readonly FieldChange[];
}

function makeNew(context: PlanContext, entry: DesiredApp): Made {
  const fields = diffNothing(entry);
  return { fields, steps: buildCreateSteps(context, entry, fields) };
}

function useNewApp(context: PlanContext, entry: DesiredApp, newApp: ObservedApp): Made {
  const { policy } = context.input;
  const events = context.observed.events.get(newApp.id);
  const fields = diffApp(entry, newApp, { events, applied: undefined });
  const later = buildUpdateSteps(fields, policy, canDeliver(policy, newApp));
  return { fields, steps: [{ do: 'bind', id: newApp.id, how: 'created' }, ...later] };
}

function tellReason(parts: {
  readonly newApp?: ObservedApp;
  readonly settledAbsent?: boolean;
}): ChangeReason {
  if (parts.newApp !== undefined) return 'newborn_found';
  return parts.settledAbsent === true ? 'settled_absent' : 'identity_changed';
}

/** Why the app is not replaced; `undefined` when it is due. */
export function holdReplace(
  context: MatchContext,
  entry: DesiredApp,
  owned: OwnedApp | undefined,
): Hold | undefined {
  if (entry.protect || owned?.protect === true) {
    return {
      reason: 'protected',
      message: message('plan.replace_protected'),
      release: message('plan.release_protect', { key: entry.key }),
    };
  }
  if (entry.id !== undefined) {
    return {
      reason: 'replace_not_allowed',
      message: message('plan.pinned_other_type'),
      release: message('plan.release_pin', { key: entry.key }),
    };
  }
  if (entry.replace === 'allow') return undefined;
  return holdUnlessApproved(context, entry.key, {
    reason: 'replace_not_allowed',
    message: message('plan.replace_withheld'),
  });
}
