/**
 * A new app with a new verify_token for an unchanged entry, because a person asked for it. The old one stays for the
 * overlap and is deleted then; a channel takes one app, so there it goes first. What is left of a rotation that was
 * interrupted follows from the record: the old app is still bound; or it is to be deleted; or its token is to be removed.
 */

import { type Message, message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import type { OwnedApp } from '../model/state.ts';
import { buildCreateSteps, buildUpdateSteps, canDeliver } from './build-steps.ts';
import { describeLoss } from './describe-loss.ts';
import { diffApp, diffNothing } from './diff-app.ts';
import type { PlanContext } from './plan-context.ts';
import { type Decision, type Hold, makeChange, type Proposal } from './proposal.ts';
import { findOtherWriter } from './propose-stray.ts';

/** Whether the app that the key is bound to is the old one. */
export function isToBeRotated({ rotation, replaces }: OwnedApp): boolean {
  return rotation !== undefined && rotation.switchedAt === undefined && replaces === undefined;
}

/** Whether the new app is bound, and its token not yet the one of the key. */
export function isNextPending({ rotation, replaces }: OwnedApp): boolean {
  return rotation !== undefined && rotation.switchedAt === undefined && replaces !== undefined;
}

export function proposeRotation(
  context: PlanContext,
  entry: DesiredApp,
  parts: {
    readonly app: ObservedApp;
    readonly owned: OwnedApp;
    /** What an earlier attempt made, found by its open create. */
    readonly newApp?: ObservedApp;
    readonly settledAbsent?: boolean;
  },
): Decision {
  const { app, owned, newApp } = parts;
  const isFirst = entry.appType === 'connector';
  const made = newApp === undefined ? makeNew(context, entry) : useNew(context, entry, newApp);
  const release: readonly Step[] = [
    { do: 'delete_app', id: app.id },
    { do: 'unbind', id: app.id },
  ];
  const change = makeChange(context, {
    ...{ action: 'replace', reason: 'rotation', key: entry.key, id: app.id, entry, app, owned },
    fields: made.fields.filter(({ path }) => path !== 'connector_id'),
    steps: isFirst ? [...release, ...made.steps] : throughNext(made.steps),
    destroys: isFirst ? describeGap(context, app) : [],
  });
  const hold = holdRotation(context, entry, parts);
  return { proposals: [{ change, hold, deletes: isFirst ? 'replaced' : 'nothing' }], remember: [] };
}

/** The token goes beside that of the key and takes its place last. */
export function throughNext(steps: readonly Step[]): readonly Step[] {
  const beside = steps.map((step) => (step.do === 'deliver_token' ? { ...step, as: 'next' as const } : step));
  return [...beside, { do: 'promote_token' }];
}

/** Why the old app is not deleted yet; `undefined` when the overlap is over. */
export function holdOverlap(context: PlanContext, { id, rotation, replaces }: OwnedApp): Hold | undefined {
  const { now } = context.input;
  const until = (rotation?.switchedAt ?? now) + (rotation?.overlapMs ?? 0);
  if (rotation === undefined || replaces === undefined || now >= until) return undefined;
  const params = { old: replaces, id, by: rotation.by, remainingMs: until - now };
  return { reason: 'overlap', message: message('plan.overlap_left', params), until };
}

/** The old app is gone, and its token is left. */
export function retireToken(context: PlanContext, entry: DesiredApp, app: ObservedApp): Proposal[] {
  const owned = context.input.state.apps.get(entry.key);
  if (owned?.rotation?.switchedAt === undefined || owned.replaces !== undefined) return [];
  const change = makeChange(context, {
    ...{ action: 'update', reason: 'rotation', key: entry.key, id: owned.id, entry, app, owned },
    steps: [{ do: 'retire_token' }],
  });
  return [{ change, deletes: 'nothing' }];
}

function makeNew(context: PlanContext, entry: DesiredApp) {
  const fields = diffNothing(entry);
  return { fields, steps: buildCreateSteps(context, entry, fields) };
}

function useNew(context: PlanContext, entry: DesiredApp, newApp: ObservedApp) {
  const { policy } = context.input;
  const events = context.observed.events.get(newApp.id);
  const fields = diffApp(entry, newApp, { events, applied: undefined });
  const bind: Step = { do: 'bind', id: newApp.id, how: 'created' };
  return { fields, steps: [bind, ...buildUpdateSteps(fields, policy, canDeliver(policy, newApp))] };
}

function describeGap(context: PlanContext, app: ObservedApp): readonly Message[] {
  const losses = describeLoss(app, context.observed.events.get(app.id));
  return [...losses, message('plan.loses_events_in_gap')];
}

function holdRotation(
  context: PlanContext,
  entry: DesiredApp,
  parts: Parameters<typeof proposeRotation>[2],
): Hold | undefined {
  if (entry.id !== undefined) {
    return {
      reason: 'replace_not_allowed',
      message: message('plan.rotation_pinned'),
      release: message('plan.release_pin', { key: entry.key }),
    };
  }
  if (parts.settledAbsent === true && context.observed.evidence !== 'confirmed') {
    return { reason: 'listing_disagrees', message: message('plan.create_unproven') };
  }
  return parts.newApp === undefined ? findOtherWriter(context, entry) : undefined;
}
