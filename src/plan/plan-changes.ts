/** The planner: a pure function from the facts of a round to its plan. Equal facts give equal bytes. */

import { message } from '../messages/message.ts';
import { type AppId, compareText } from '../model/identity.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Change, HeldSet, Plan, PlanResult, Unmanaged, Withheld } from '../model/plan.ts';
import { findDuplicates } from './find-duplicates.ts';
import { findBackoff, findPause } from './find-pause.ts';
import { fingerprintHeld, fingerprintPlan } from './fingerprint.ts';
import { guardDeletes } from './guard-deletes.ts';
import { type Matching, matchApps } from './match-apps.ts';
import { compareChanges } from './order-changes.ts';
import { createPlanContext, isDeleteAsked, isDigestApproved, type PlanContext } from './plan-context.ts';
import { APPROVAL_LIFETIME_MS, DIGEST_PREFIX, type PlanInput } from './plan-input.ts';
import {
  type Decision,
  holdUnlessApproved,
  makeWithheld,
  type Proposal,
  subjectOf,
  type UnreleasedChange,
} from './proposal.ts';
import { proposeEntry } from './propose-entry.ts';
import {
  isPrunable,
  proposeDeleted,
  proposeLeftIntent,
  proposeOrphan,
  proposeUnmanaged,
} from './propose-orphan.ts';
import { proposeNames, proposeStray } from './propose-stray.ts';
import { isHeldTogether, releaseOf } from './reasons.ts';
import { rememberRound } from './remember-round.ts';
import { summariseChanges } from './summarise-plan.ts';

/**
 * Plans one round. When the digest of what is held together was approved, exactly that is released; when that of the
 * plan was, everything in it that can be approved. The plan that then results has digests of its own. `askQuestions` matched the
 * first listing; matching again here costs at most 50 ms at 10,000 entries and needs no rule for when the
 * first matching still holds.
 */
export function planChanges(input: PlanInput, observed: ObservedState): PlanResult {
  const context = createPlanContext(input, observed);
  const matching = matchApps(context);
  const result = planAll(context, matching);
  const { digest, held } = result.plan;
  if (isDigestApproved(context, digest)) return planAll({ ...context, approvesAll: true }, matching);
  if (held === undefined || !isDigestApproved(context, held.digest)) return result;
  return planAll({ ...context, granted: new Set([...context.granted, ...held.subjects]) }, matching);
}

function planAll(context: PlanContext, matching: Matching): PlanResult {
  const decisions = decideAll(context, matching);
  const proposals = holdStanding(
    context,
    decisions.flatMap((decision) => decision.proposals),
  );
  const all = [...proposals, ...proposeNames(context, proposals)];
  const guarded = guardDeletes(context, guardAccount(context, all));
  const changes: Change[] = [];
  const withheld: UnreleasedChange[] = [];
  for (const { change, hold } of guarded) {
    if (hold === undefined) changes.push(change);
    else withheld.push(makeWithheld(change, hold));
  }
  const plan = makePlan(context, {
    changes: changes.sort(compareChanges),
    withheld: withheld.sort(compareChanges),
    unchanged: countUnchanged(context, guarded),
  });
  const remember = [
    ...decisions.flatMap((decision) => decision.remember),
    ...rememberRound(context, plan.withheld),
  ];
  return { plan, remember };
}

function decideAll(context: PlanContext, matching: Matching): Decision[] {
  const { claims, reserved } = matching;
  return [
    ...matching.entries.map((matched) => proposeEntry(context, matching, matched)),
    ...claims.orphans.map((orphan) => proposeOrphan(context, orphan, matching)),
    ...claims.leftIntents.map((intent) =>
      proposeLeftIntent(context, intent, matching.settlements.get(intent)),
    ),
    ...context.marks.strays
      .filter((app) => !isDeleteAsked(context, app.id))
      .map((app) => proposeStray(context, app)),
    ...[...context.apps.values()]
      .filter((app) => isPrunable(context, app, reserved))
      .map((app) => proposeUnmanaged(context, app)),
    ...findDuplicates(context, matching),
    ...context.stillListed.map((each) => proposeDeleted(context, each)),
  ];
}

/**
 * A pause takes precedence over every other hold, because it needs no decision; a backoff gives way to all
 * others.
 */
function holdStanding(context: PlanContext, proposals: readonly Proposal[]): Proposal[] {
  const { input } = context;
  return proposals.map((proposal) => {
    const { key } = proposal.change;
    const entry = key === null ? undefined : input.desired.apps.get(key);
    const isExempt = proposal.change.reason === 'marked_name';
    const backoff = isExempt ? undefined : findBackoff(input, key, entry);
    const held = proposal.hold ?? (backoff && holdUnlessApproved(context, String(key), backoff));
    const hold = findPause(input, key) ?? held;
    return hold === proposal.hold ? proposal : { ...proposal, hold };
  });
}

/**
 * Where the listing shows none of our apps, the token was probably changed: nothing is created or adopted
 * there until a person approves it.
 */
function guardAccount(context: PlanContext, proposals: readonly Proposal[]): readonly Proposal[] {
  const { isSuspicious, missing, input } = context;
  if (!isSuspicious || missing.size < input.state.apps.size) return proposals;
  return proposals.map((proposal) => {
    const { change, hold } = proposal;
    const isNew = change.action === 'create' || change.action === 'adopt';
    if (hold !== undefined || !isNew) return proposal;
    const held = holdUnlessApproved(context, subjectOf(change), {
      reason: 'suspicious_absence',
      message: message('plan.missing_all', { missing: missing.size }),
    });
    return held === undefined ? proposal : { ...proposal, hold: held };
  });
}

function makePlan(
  context: PlanContext,
  parts: {
    readonly changes: Change[];
    readonly withheld: UnreleasedChange[];
    readonly unchanged: number;
  },
): Plan {
  const { input, observed } = context;
  const { changes, withheld, unchanged } = parts;
  const unmanaged = listUnmanaged(context, changes);
  const digest = fingerprintPlan(input.endpoint, { changes, withheld }, input.digest);
  const held = makeHeldSet(input, withheld);
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
    withheld: withheld.map((item) => addRelease(item, held?.digest ?? digest)),
    ...(held === undefined ? {} : { held }),
  };
}

function makeHeldSet(
  { endpoint, digest }: PlanInput,
  withheld: readonly UnreleasedChange[],
): HeldSet | undefined {
  const items = withheld.filter(isHeldTogether);
  if (items.length === 0) return undefined;
  return {
    digest: fingerprintHeld(endpoint, items, digest),
    subjects: [...new Set(items.map(subjectOf))].sort(),
  };
}

/** No digest covers the releases, so these can name it. */
function addRelease(item: UnreleasedChange, digest: string): Withheld {
  const subject = { key: subjectOf(item), digest: digest.slice(0, DIGEST_PREFIX) };
  return { ...item, release: item.release ?? releaseOf(item.reason, subject) };
}

/** Apps that are not ours and will not be after this plan. In id order. */
function listUnmanaged(context: PlanContext, changes: readonly Change[]): Unmanaged[] {
  const touched = new Set<AppId>();
  for (const { id, steps } of changes) {
    if (id !== null) touched.add(id);
    for (const step of steps) if (step.do === 'bind') touched.add(step.id);
  }
  const unmanaged: Unmanaged[] = [];
  const owners = context.owners;
  for (const { id, appType, name, mark } of context.apps.values()) {
    const isOurs = owners.has(id) || touched.has(id);
    if (isOurs) continue;
    unmanaged.push({ id, appType, name: name ?? null, ...(mark === undefined ? {} : { mark: mark.tag }) });
  }
  return unmanaged.sort((left, right) => compareText(left.id, right.id));
}

function countUnchanged(context: PlanContext, proposals: readonly Proposal[]): number {
  const { apps } = context.input.desired;
  const busy = new Set(proposals.map((proposal) => proposal.change.key));
  let count = 0;
  for (const key of apps.keys()) if (!busy.has(key)) count += 1;
  return count;
}
