/**
 * Decides about an app whose type or channel differs from its entry: only a new app can be what the entry asks for. The
 * old one is deleted last, and that delete passes the delete guards like any other.
 */

import { message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { ChangeReason, FieldChange, Step } from '../model/plan.ts';
import type { OwnedApp } from '../model/state.ts';
import { buildCreateStep, buildUpdateSteps, canDeliver } from './build-steps.ts';
import { describeLoss } from './describe-loss.ts';
import { diffApp, diffNothing } from './diff-app.ts';
import { describeIdentityChange } from './identity-change.ts';
import { type Decision, type Hold, holdUnlessApproved, makeChange } from './proposal.ts';
import type { Situation, World } from './world.ts';

export function proposeReplace(
  situation: Situation,
  entry: DesiredApp,
  parts: {
    readonly app: ObservedApp;
    /** What an earlier attempt made, found by its open create. */
    readonly newborn?: ObservedApp;
    readonly settledAbsent?: boolean;
  },
): Decision {
  const { app, newborn } = parts;
  const { policy, state } = situation.input;
  const owned = state.apps.get(entry.key);
  const identity = describeIdentityChange(entry, app, owned);
  const made = newborn === undefined ? makeNew(situation, entry) : useNewborn(situation, entry, newborn);
  const change = makeChange(situation, {
    ...{ action: 'replace', reason: tellReason(parts), key: entry.key, id: app.id, entry, app, owned },
    fields: [...identity, ...made.fields.filter((field) => field.path !== 'connector_id')],
    steps: [
      ...made.first,
      ...buildUpdateSteps(made.later, policy, made.delivers),
      { do: 'delete_app', id: app.id },
    ],
    destroys: describeLoss(app, situation.observed.events.get(app.id)),
  });
  const hold = holdReplace(situation, entry, owned);
  return { proposals: [{ change, hold, deletes: 'replaced' }], remember: [] };
}

interface Made {
  readonly first: readonly Step[];
  readonly fields: readonly FieldChange[];
  /** The fields that the first step does not set. */
  readonly later: readonly FieldChange[];
  readonly delivers: boolean;
}

function makeNew(situation: Situation, entry: DesiredApp): Made {
  const fields = diffNothing(entry);
  const later = fields.filter((field) => field.path !== 'name' || entry.appType === 'connector');
  const delivers = situation.input.policy.deliversTokens;
  return { first: [buildCreateStep(situation, entry)], fields, later, delivers };
}

function useNewborn(situation: Situation, entry: DesiredApp, newborn: ObservedApp): Made {
  const events = situation.observed.events.get(newborn.id);
  const delivers = canDeliver(situation.input.policy, newborn);
  const fields = diffApp(entry, newborn, { events, applied: undefined });
  return { first: [{ do: 'bind', id: newborn.id, how: 'created' }], fields, later: fields, delivers };
}

function tellReason(parts: {
  readonly newborn?: ObservedApp;
  readonly settledAbsent?: boolean;
}): ChangeReason {
  if (parts.newborn !== undefined) return 'newborn_found';
  return parts.settledAbsent === true ? 'settled_absent' : 'identity_changed';
}

/** Why the app is not replaced; `undefined` when it is due. */
export function holdReplace(world: World, entry: DesiredApp, owned: OwnedApp | undefined): Hold | undefined {
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
  return holdUnlessApproved(world, entry.key, {
    reason: 'replace_not_allowed',
    message: message('plan.replace_withheld'),
  });
}
