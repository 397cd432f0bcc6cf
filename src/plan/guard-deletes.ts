/**
 * Guards all deletes of a round together: proof of the listing first, then the limits. Never lifts a hold.
 */

import { message } from '../messages/message.ts';
import type { DeleteLimits } from '../model/settings.ts';
import { isApproved, type PlanContext } from './plan-context.ts';
import { type Hold, type Proposal, subjectOf } from './proposal.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export function guardDeletes(context: PlanContext, proposals: readonly Proposal[]): readonly Proposal[] {
  const due = proposals.filter(isDue);
  if (due.length === 0) return proposals;
  const unproven = findUnproven(context);
  const strays = due.filter(isStray);
  const others = due.filter((proposal) => !isStray(proposal));
  const breach = unproven ?? findBreach(context, others);
  const strayBreach = unproven ?? findStrayBreach(context, strays);
  if (breach === undefined && strayBreach === undefined) return proposals;
  const { strayDeletes } = context.input.state.marks;
  const fresh = strays.filter((proposal) => !isBegun(context, proposal));
  const beyond = new Set(fresh.slice(strayDeletes));
  const allowed = new Set(
    strayBreach?.reason === 'strays_per_day' ? strays.filter((proposal) => !beyond.has(proposal)) : [],
  );
  return proposals.map((proposal) => {
    const hold = isStray(proposal) ? strayBreach : breach;
    if (!isDue(proposal) || hold === undefined || allowed.has(proposal)) return proposal;
    const passes = unproven === undefined && isReleased(context, proposal, hold);
    return passes ? proposal : { ...proposal, hold };
  });
}

function isStray(proposal: Proposal): boolean {
  return proposal.deletes === 'stray';
}

/** Its delete was counted when it was sent before, perhaps, and what came of it is not known. */
function isBegun(context: PlanContext, { change }: Proposal): boolean {
  return change.id !== null && context.input.state.marks.begunDeletes.has(change.id);
}

function isDue(proposal: Proposal): boolean {
  return proposal.deletes !== 'nothing' && proposal.hold === undefined;
}

/**
 * An approval lifts a breach for what it names; `--allow-deletes` lifts the limits only, not the check for a
 * different account.
 */
function isReleased(context: PlanContext, proposal: Proposal, breach: Hold): boolean {
  const liftsLimits = context.input.grants.allowDeletes && breach.reason !== 'suspicious_absence';
  const { change } = proposal;
  if (liftsLimits || isApproved(context, subjectOf(change))) return true;
  return change.id !== null && context.granted.has(change.id);
}

/** Without a confirmed listing nothing is deleted, even if it was approved. */
function findUnproven(context: PlanContext): Hold | undefined {
  const { evidence, probes } = context.observed;
  const [hidden] = [...probes].find(([, probe]) => probe === 'present') ?? [];
  if (hidden !== undefined) {
    return { reason: 'listing_disagrees', message: message('plan.listing_hides', { id: hidden }) };
  }
  if (evidence === 'confirmed') return undefined;
  const id = evidence === 'disagrees' ? 'plan.listings_differ' : 'plan.listed_once';
  return { reason: 'listing_disagrees', message: message(id) };
}

/** What looks like another account is left alone, strays and all. */
function findStrangeness({ isSuspicious, missing, input }: PlanContext): Hold | undefined {
  if (!isSuspicious) return undefined;
  const counts = { missing: missing.size, owned: input.state.apps.size };
  return { reason: 'suspicious_absence', message: message('plan.missing_keeps_others', counts) };
}

/** Strays have a limit of their own, so that neither uses up the other's. Those within it go. */
function findStrayBreach(context: PlanContext, due: readonly Proposal[]): Hold | undefined {
  const limit = context.input.state.marks.strayDeletes;
  if (due.length === 0) return undefined;
  const count = due.filter((proposal) => !isBegun(context, proposal)).length;
  const strange = findStrangeness(context);
  if (strange !== undefined || count <= limit) return strange;
  return { reason: 'strays_per_day', message: message('plan.strays_in_day', { count, limit }) };
}

function findBreach(context: PlanContext, due: readonly Proposal[]): Hold | undefined {
  const { state, policy } = context.input;
  const owned = state.apps.size;
  const count = due.length;
  if (count === 0) return undefined;
  const strange = findStrangeness(context);
  if (strange !== undefined) return strange;
  const orphans = due.filter((proposal) => proposal.deletes === 'orphan').length;
  const shown = [...state.apps.values()].filter((app) => context.apps.has(app.id)).length;
  if (orphans > 1 && orphans === shown) {
    return {
      reason: 'delete_everything',
      message: message('plan.deletes_everything', { count: orphans }),
    };
  }
  return breachLimits(policy.limits, { count, owned }) ?? breachDay(context, count);
}

function breachLimits(
  limits: DeleteLimits,
  measured: { readonly count: number; readonly owned: number },
): Hold | undefined {
  const { count, owned } = measured;
  if (count > limits.deletesPerRound) {
    const limit = limits.deletesPerRound;
    return { reason: 'deletes_per_round', message: message('plan.deletes_in_round', { count, limit }) };
  }
  if (count > 1 && count > limits.deletesShare * owned) {
    const limit = limits.deletesShare;
    return { reason: 'deletes_share', message: message('plan.deletes_of_owned', { count, owned, limit }) };
  }
  return undefined;
}

/** A sliding window over the deletes that were begun, so that restarts and rounds do not reset it. */
function breachDay(context: PlanContext, count: number): Hold | undefined {
  const { state, policy, now } = context.input;
  const limit = policy.limits.deletesPerDay;
  const recent = state.deletions.filter((at) => at > now - DAY_MS);
  if (recent.length + count <= limit) return undefined;
  // Room for all of them is there once enough of the recent ones have left the window.
  const leaving = count > limit ? undefined : recent[recent.length + count - limit - 1];
  const until = leaving === undefined ? undefined : leaving + DAY_MS;
  const roomInMs = until === undefined ? undefined : until - now;
  return {
    reason: 'deletes_per_day',
    message: message('plan.deletes_in_day', { count, recent: recent.length, limit, roomInMs }),
    until,
  };
}

/** Deletes that have left the window need not be remembered. */
export function expiredBefore(deletions: readonly number[], now: number): number | undefined {
  const before = now - DAY_MS;
  return deletions.some((at) => at <= before) ? before + 1 : undefined;
}
