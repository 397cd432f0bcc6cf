/** The proposals for one matched entry, by the kind of its match. */

import { message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import { assertNever } from '../model/invariant.ts';
import type { StateChange } from '../model/state.ts';
import type { EntryMatch, Match, Matching } from './match-apps.ts';
import type { PlanContext } from './plan-context.ts';
import { type Decision, type Hold, makeChange } from './proposal.ts';
import { proposePinned, proposeUnowned } from './propose-adopt.ts';
import { proposeAbsent, proposeMissing, proposeOpen, proposeRename } from './propose-create.ts';
import { proposeOwned } from './propose-owned.ts';
import { refreshStanding } from './refresh-owned.ts';

export function proposeEntry(context: PlanContext, matching: Matching, matched: EntryMatch): Decision {
  const decision = proposeMatch(context, matched.entry, matched.match);
  const remember = [
    ...rememberEntry(context, matching, matched.entry),
    ...rememberIntent(context, matching, matched),
    ...decision.remember,
  ];
  return remember.length === 0 ? decision : { ...decision, remember };
}

function proposeMatch(context: PlanContext, entry: DesiredApp, match: Match): Decision {
  switch (match.kind) {
    case 'owned':
      return proposeOwned(context, entry, match);
    case 'pinned':
      return proposePinned(context, entry, match);
    case 'unowned':
      return proposeUnowned(context, entry, match);
    case 'missing':
      return proposeMissing(context, entry, match);
    case 'open':
      return proposeOpen(context, entry, match);
    case 'rename':
      return proposeRename(context, entry, match.orphans);
    case 'absent':
      return proposeAbsent(context, entry, match.settledAbsent);
    case 'pin_not_found':
    case 'pin_taken':
    case 'unknown_app_type':
    case 'orphans':
      return hold(context, entry, match);
    default:
      return assertNever(match);
  }
}

type Unclear = Extract<Match, { kind: 'pin_not_found' | 'pin_taken' | 'unknown_app_type' | 'orphans' }>;

function explain(entry: DesiredApp, match: Unclear): Hold {
  if (match.kind === 'pin_not_found') {
    return { reason: match.kind, message: message('plan.pinned_missing', { id: String(entry.id) }) };
  }
  if (match.kind === 'pin_taken') {
    return {
      reason: match.kind,
      message: message('plan.pinned_elsewhere', { id: String(entry.id), key: match.by }),
    };
  }
  if (match.kind === 'unknown_app_type') {
    return {
      reason: match.kind,
      message: message('plan.type_unknown', { id: match.app.id, type: match.app.appType }),
    };
  }
  const orphans = match.orphans.map(({ key, id }) => ({ key, id }));
  return {
    reason: 'ambiguous',
    message: message('plan.several_orphans', { orphans }),
    release: message('plan.release_orphans', { key: entry.key }),
    candidates: match.orphans.map((orphan) => orphan.id),
  };
}

function hold(context: PlanContext, entry: DesiredApp, match: Unclear): Decision {
  const reason = explain(entry, match);
  const action = match.kind === 'orphans' ? 'rebind' : 'adopt';
  const change = makeChange(context, {
    ...{ action, reason: action === 'rebind' ? 'renamed_key' : 'pinned', key: entry.key, entry },
    id: match.kind === 'unknown_app_type' ? match.app.id : (entry.id ?? null),
  });
  return { proposals: [{ change, hold: reason, deletes: 'nothing' }], remember: [] };
}

function rememberEntry(context: PlanContext, matching: Matching, entry: DesiredApp): StateChange[] {
  const owned = context.input.state.apps.get(entry.key) ?? matching.claims.apps.get(entry.key);
  return owned === undefined ? [] : refreshStanding(entry, owned);
}

/**
 * An open create follows its entry to the new key, and a create whose end was never recorded (the process
 * died) starts its settle time now: whatever was sent was sent before this listing.
 */
function rememberIntent(context: PlanContext, matching: Matching, matched: EntryMatch): StateChange[] {
  const { state, now } = context.input;
  const { key } = matched.entry;
  const moved = matching.claims.intents.get(key);
  const intent = state.intents.get(key) ?? moved;
  if (intent === undefined) return [];
  const moves: StateChange[] =
    moved === undefined
      ? []
      : [
          { type: 'intent_opened', intent: { ...moved, key } },
          { type: 'intent_closed', key: moved.key },
        ];
  return intent.endedAt === undefined ? [...moves, { type: 'intent_ended', key, at: now }] : moves;
}
