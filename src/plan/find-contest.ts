/** Fields that somebody else keeps changing back. A reversal counts once for each of our corrections. */

import { type Message, message } from '../messages/message.ts';
import type { DesiredApp, ManagedField } from '../model/desired.ts';
import { compareText } from '../model/identity.ts';
import type { FieldChange, FieldValue } from '../model/plan.ts';
import type { DriftSeen, OwnedApp, StateChange } from '../model/state.ts';
import { findPause } from './find-pause.ts';
import { isApproved, type PlanContext } from './plan-context.ts';
import type { Hold } from './proposal.ts';

export interface Contest {
  readonly hold?: Hold | undefined;
  readonly remember: readonly StateChange[];
}

export function findContest(
  context: PlanContext,
  owned: OwnedApp,
  differing: { readonly entry: DesiredApp; readonly fields: readonly FieldChange[] },
): Contest {
  const { state, now, policy } = context.input;
  const { key } = owned;
  const { reversals, windowMs } = policy.contested;
  const seen = state.drifts.get(key) ?? [];
  const cleared: StateChange = { type: 'drifts_cleared', key, before: now + 1 };
  const wasEdited = differing.fields.some(
    (field) => field.changedBy === 'file' || field.changedBy === 'both',
  );
  if (wasEdited || isApproved(context, key)) return { remember: seen.length > 0 ? [cleared] : [] };
  // After a failed correction the same difference shows again; nobody reversed anything.
  const mayCount = !state.backoffs.has(key);
  const span = { now, windowMs };
  const pastOf = (path: ManagedField) =>
    keepRecent(
      seen.filter((drift) => drift.field === path),
      span,
    );
  // While one field is held, or the entry is paused, nothing of it is corrected: what stays different was not
  // reversed.
  const isLeftAlone =
    findPause(context.input, key) !== undefined ||
    differing.fields.some((field) => pastOf(field.path as ManagedField).length >= reversals);
  const remember: StateChange[] = [];
  const contests: Message[] = [];
  let until = 0;
  for (const field of differing.fields) {
    if (field.changedBy !== 'account') continue;
    const path = field.path as ManagedField;
    const past = pastOf(path);
    const drift = { field: path, at: now, from: print(field.lastApplied), to: print(field.before) };
    const last = past.at(-1);
    // A round may end before the turn of its correction: then nobody reversed anything.
    const wasPutRight = last !== undefined && (owned.writtenAt ?? 0) >= last.at;
    const isSame = last?.to === drift.to && !wasPutRight;
    const counts = isLeftAlone ? last?.to !== drift.to : mayCount && !isSame;
    if (counts) remember.push({ type: 'drift_seen', key, drift });
    const timeline = counts ? [...past.filter((each) => each.at > now - windowMs), drift] : past;
    if (timeline.length < reversals) continue;
    contests.push(describe(path, timeline, now));
    until = Math.max(until, ...timeline.map((each) => each.at + windowMs));
  }
  if (contests.length === 0) return { remember };
  return {
    remember,
    hold: { reason: 'contested', message: message('plan.contested_fields', { fields: contests }), until },
  };
}

/** Forgets what lies so far back that it can no longer count. */
export function clearOldDrifts(context: PlanContext): StateChange[] {
  const { state, now, policy } = context.input;
  const isQuiet = (drifts: readonly DriftSeen[]) =>
    drifts.every((drift) => now - drift.at >= policy.contested.windowMs);
  return [...state.drifts]
    .filter(([, drifts]) => isQuiet(drifts))
    .map(([key]) => key)
    .sort(compareText)
    .map((key) => ({ type: 'drifts_cleared', key, before: now }));
}

/**
 * The reversals of one field that still count. The window ends with the last of them, not now: a held field
 * is released by a whole quiet window, not by the first of its reversals growing old.
 */
function keepRecent(
  drifts: readonly DriftSeen[],
  span: { readonly now: number; readonly windowMs: number },
): readonly DriftSeen[] {
  const last = drifts.at(-1);
  if (last === undefined || span.now - last.at >= span.windowMs) return [];
  return drifts.filter((drift) => drift.at > last.at - span.windowMs);
}

function describe(field: ManagedField, timeline: readonly DriftSeen[], now: number): Message {
  const moves = timeline.map((drift) => ({ to: drift.to, agoMs: now - drift.at }));
  return message('plan.contested_field', { field, from: String(timeline[0]?.from), moves });
}

function print(value: FieldValue): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? JSON.stringify(value) : `[${value.join(', ')}]`;
}
