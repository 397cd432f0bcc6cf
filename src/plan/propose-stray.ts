/** Apps that carry a mark and belong to no entry: strays of our own, and what another writer is making. */

import { message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import { cutName } from '../model/mark.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { StateChange } from '../model/state.ts';
import { describeLoss } from './describe-loss.ts';
import { findPause } from './find-pause.ts';
import type { MatchContext, PlanContext } from './plan-context.ts';
import { type Decision, type Hold, holdUnlessApproved, makeChange, type Proposal } from './proposal.ts';

/**
 * How long a mark of another lineage holds a create. A create and its update are seconds apart, their retries
 * minutes; a mark that stays longer is a leftover.
 */
const OTHER_WRITER_MS = 10 * 60 * 1000;

/** The delete of an app that a create of ours made after everybody had stopped waiting for it. */
export function proposeStray(context: PlanContext, app: ObservedApp): Decision {
  const events = context.observed.events.get(app.id);
  const change = makeChange(context, {
    ...{ action: 'delete', reason: 'stray', key: null, id: app.id, app },
    steps: [{ do: 'delete_app', id: app.id }],
    destroys: describeLoss(app, events),
  });
  const hold = holdStray(context, app) ?? (isInUse(app, events) ? explainUse(app) : undefined);
  return { proposals: [{ change, hold, deletes: 'stray' }], remember: [] };
}

/** Why it is too early to delete a stray; `undefined` when its subscriptions decide. */
export function holdStray(context: MatchContext, app: ObservedApp): Hold | undefined {
  const until = firstSeen(context, app) + context.input.policy.settleMs;
  if (context.input.now >= until) return undefined;
  return { reason: 'settling', message: message('plan.stray_settling', { id: app.id }), until };
}

/** Somebody gave it a receiver or subscriptions, or it is not known that nobody did. */
function isInUse(app: ObservedApp, events: readonly string[] | undefined): boolean {
  return app.callbackUrl !== undefined || events === undefined || events.length > 0;
}

function explainUse({ id }: ObservedApp): Hold {
  return { reason: 'stray_in_use', message: message('plan.stray_used', { id }) };
}

/** Why no app is made for this entry: another callbackd seems to be making one of its name. */
export function findOtherWriter(context: MatchContext, entry: DesiredApp): Hold | undefined {
  if (entry.appType !== 'normal' || entry.name === undefined) return undefined;
  const base = cutName(entry.name);
  const recent = context.marks.foreign
    .filter((app) => app.name === base)
    .map((app) => ({ app, until: firstSeen(context, app) + OTHER_WRITER_MS }))
    .filter(({ until }) => context.input.now < until);
  const [first] = recent;
  if (first === undefined) return undefined;
  return holdUnlessApproved(context, entry.key, {
    reason: 'another_writer',
    message: message('plan.created_elsewhere', { id: first.app.id, lineage: String(first.app.mark?.tag) }),
    candidates: recent.map(({ app }) => app.id),
    until: Math.max(...recent.map(({ until }) => until)),
  });
}

function firstSeen({ input }: MatchContext, app: ObservedApp): number {
  return input.state.marks.firstSeen.get(app.id) ?? input.now;
}

/**
 * The name alone for owned apps that still carry a mark while their change is held: whatever keeps the rest
 * back, nobody should find a marked name that stays. A pause keeps that back too.
 */
export function proposeNames(context: PlanContext, proposals: readonly Proposal[]): Proposal[] {
  const { input, apps } = context;
  const due = new Set(proposals.filter(({ hold }) => hold === undefined).map(({ change }) => change.id));
  return [...input.state.apps.values()].flatMap((owned) => {
    const app = apps.get(owned.id);
    if (app?.mark === undefined || due.has(owned.id)) return [];
    const entry = input.desired.apps.get(owned.key);
    const name = entry?.name ?? owned.name;
    if (name === undefined || findPause(input, owned.key) !== undefined) return [];
    const change = makeChange(context, {
      ...{ action: 'update', reason: 'marked_name', key: owned.key, id: owned.id, entry, app, owned },
      fields: [{ path: 'name', before: null, after: name, lastApplied: null, changedBy: 'new' }],
      steps: [{ do: 'update_app', name }],
    });
    return [{ change, deletes: 'nothing' }];
  });
}

/** What a listing tells about marks that the state does not know yet. */
export function rememberMarks(context: PlanContext): StateChange[] {
  const { marks, input } = context;
  const known = input.state.marks;
  const shown = new Set([...marks.strays, ...marks.foreign].map((app) => app.id));
  const gone = [...known.firstSeen.keys()].filter((id) => !shown.has(id));
  const fresh = [...shown].filter((id) => !known.firstSeen.has(id));
  return [
    ...(marks.isShown && !known.shown ? [{ type: 'marks_shown' } as const] : []),
    ...gone.map((id) => ({ type: 'mark_seen', id, at: null }) as const),
    ...fresh.map((id) => ({ type: 'mark_seen', id, at: input.now }) as const),
  ];
}
