/**
 * The planner: desired, observed, state, policy and now go in, a plan comes out that leaves nothing to decide, and with it
 * what a round that may write should remember. It never talks, never reads a clock, and gives the same bytes for the same facts.
 */

import { type AppId, compareText } from '../model/identity.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Change, Plan, PlanResult, Unmanaged, Withheld } from '../model/plan.ts';
import { findBackoff, findPause } from './find-pause.ts';
import { fingerprintPlan } from './fingerprint.ts';
import { guardAccount } from './guard-account.ts';
import { guardDeletes } from './guard-deletes.ts';
import { isStillMatched, type MatchedListing, type Matching, matchApps } from './match-apps.ts';
import { compareChanges } from './order-changes.ts';
import { APPROVAL_LIFETIME_MS, DIGEST_PREFIX, type PlanInput } from './plan-input.ts';
import { type Decision, makeWithheld, type Proposal, subjectOf, type UnreleasedChange } from './proposal.ts';
import { proposeEntry } from './propose-entry.ts';
import { isPrunable, proposeOrphan, proposeStrayIntent, proposeUnmanaged } from './propose-orphan.ts';
import { releaseOf } from './reasons.ts';
import { rememberRound } from './remember-round.ts';
import { summariseChanges } from './summarise-plan.ts';
import { createWorld, isDigestApproved, renewGrants, type Situation } from './world.ts';

/**
 * Plans one round. When the digest of the plan was approved, everything in it that can be approved is released, and the
 * plan that then results (with a digest of its own) is returned. `matched`: of the first listing of the round; it is matched
 * anew where another one or another state counts now.
 */
export function planChanges(input: PlanInput, observed: ObservedState, matched?: MatchedListing): PlanResult {
  const known = matched !== undefined && isStillMatched(matched, input, observed) ? matched : undefined;
  const world = known ? renewGrants(known.world, input) : createWorld(input, observed, false);
  const situation: Situation = { ...world, observed };
  const matching = known?.matching ?? matchApps(world);
  const result = planSituation(situation, matching);
  if (!isDigestApproved(situation, result.plan.digest)) return result;
  return planSituation({ ...situation, approvesAll: true }, matching);
}

function planSituation(situation: Situation, matching: Matching): PlanResult {
  const decisions = decideAll(situation, matching);
  const proposals = holdStanding(
    situation,
    decisions.flatMap((decision) => decision.proposals),
  );
  const guarded = guardDeletes(situation, guardAccount(situation, proposals));
  const changes: Change[] = [];
  const withheld: UnreleasedChange[] = [];
  for (const { change, hold } of guarded) {
    if (hold === undefined) changes.push(change);
    else withheld.push(makeWithheld(change, hold));
  }
  const plan = makePlan(situation, {
    changes: changes.sort(compareChanges),
    withheld: withheld.sort(compareChanges),
    unchanged: countUnchanged(situation, guarded),
  });
  const remember = [
    ...decisions.flatMap((decision) => decision.remember),
    ...rememberRound(situation, plan.withheld),
  ];
  return { plan, remember };
}

function decideAll(situation: Situation, matching: Matching): Decision[] {
  const { claims, reserved } = matching;
  return [
    ...matching.entries.map((matched) => proposeEntry(situation, matching, matched)),
    ...claims.orphans.map((orphan) => proposeOrphan(situation, orphan, matching)),
    ...claims.strayIntents.map((intent) => proposeStrayIntent(situation, intent)),
    ...[...situation.apps.values()]
      .filter((app) => isPrunable(situation, app, reserved))
      .map((app) => proposeUnmanaged(situation, app)),
  ];
}

/** A pause beats every other hold, because nobody needs to decide while it lasts; a backoff gives way to all others. */
function holdStanding(situation: Situation, proposals: readonly Proposal[]): Proposal[] {
  const { input } = situation;
  return proposals.map((proposal) => {
    const { key } = proposal.change;
    const entry = key === null ? undefined : input.desired.apps.get(key);
    const hold = findPause(input, key) ?? proposal.hold ?? findBackoff(input, key, entry);
    return hold === proposal.hold ? proposal : { ...proposal, hold };
  });
}

function makePlan(
  situation: Situation,
  parts: {
    readonly changes: Change[];
    readonly withheld: UnreleasedChange[];
    readonly unchanged: number;
  },
): Plan {
  const { input, observed } = situation;
  const { changes, withheld, unchanged } = parts;
  const unmanaged = listUnmanaged(situation, changes);
  const digest = fingerprintPlan(input.endpoint, { changes, withheld }, input.digest);
  return {
    formatVersion: 1,
    digest,
    createdAt: input.now,
    expiresAt: input.now + APPROVAL_LIFETIME_MS,
    endpoint: input.endpoint,
    evidence: observed.evidence,
    sourceDigest: input.desired.digest,
    state: { lineage: input.state.lineage, serial: input.state.serial },
    summary: {
      ...summariseChanges(changes),
      unchanged,
      withheld: withheld.length,
      unmanaged: unmanaged.length,
    },
    ...{ changes, unmanaged },
    withheld: withheld.map((item) => addRelease(item, digest)),
  };
}

/** The digest of the plan does not cover the releases, so these can name it. */
function addRelease(item: UnreleasedChange, digest: string): Withheld {
  const subject = { key: subjectOf(item), digest: digest.slice(0, DIGEST_PREFIX) };
  return { ...item, release: item.release ?? releaseOf(item.reason, subject) };
}

/** Apps that are not ours and will not be after this plan. In id order. */
function listUnmanaged(situation: Situation, changes: readonly Change[]): Unmanaged[] {
  const touched = new Set<AppId>();
  for (const { id, steps } of changes) {
    if (id !== null) touched.add(id);
    for (const step of steps) if (step.do === 'bind') touched.add(step.id);
  }
  const unmanaged: Unmanaged[] = [];
  const owners = situation.owners();
  for (const { id, appType, name } of situation.apps.values()) {
    const isOurs = owners.has(id) || touched.has(id);
    if (!isOurs) unmanaged.push({ id, appType, name: name ?? null });
  }
  return unmanaged.sort((left, right) => compareText(left.id, right.id));
}

function countUnchanged(situation: Situation, proposals: readonly Proposal[]): number {
  const { apps } = situation.input.desired;
  const busy = new Set(proposals.map((proposal) => proposal.change.key));
  let count = 0;
  for (const key of apps.keys()) if (!busy.has(key)) count += 1;
  return count;
}
