/** What a round records beyond single entries: spent grants, expired deletes, ended pauses, old drifts. */

import type { Withheld } from '../model/plan.ts';
import type { StateChange } from '../model/state.ts';
import { clearOldDrifts } from './find-contest.ts';
import { clearEndedHolds } from './find-pause.ts';
import { expiredBefore } from './guard-deletes.ts';
import { isGrantValid, type PlanContext } from './plan-context.ts';
import { subjectOf } from './proposal.ts';
import { rememberMarks } from './propose-stray.ts';

export function rememberRound(context: PlanContext, withheld: readonly Withheld[]): StateChange[] {
  const { state, now } = context.input;
  const before = expiredBefore(state.deletions, now);
  return [
    ...spendGrants(context, withheld),
    ...clearEndedHolds(context.input),
    ...clearOldDrifts(context),
    ...rememberMarks(context),
    ...(before === undefined ? [] : [{ type: 'deletions_expired', before } as const]),
  ];
}

/**
 * A grant is used up by the first round that sees it, because it approved what a person saw then. It is kept
 * only while its own subject is still held by something that no approval can lift. A grant that names the ids of
 * deletes is kept for a day, as long as one of them is left: any number of plans may be dropped before all are done.
 */
function spendGrants(context: PlanContext, withheld: readonly Withheld[]): StateChange[] {
  const { state, now } = context.input;
  const waiting = new Set(withheld.filter(({ reason }) => reason !== 'duplicate').map(subjectOf));
  return [...new Set(state.grants.map((grant) => grant.subject))]
    .filter((subject) => {
      const grants = state.grants.filter((grant) => grant.subject === subject);
      const isLeft = ({ ids = [] }: (typeof grants)[number]) => ids.some((id) => context.apps.has(id));
      const isNeeded = waiting.has(subject) || grants.some(isLeft);
      return !isNeeded || !grants.some((grant) => isGrantValid(grant, now));
    })
    .map((subject) => ({ type: 'grant_spent', subject }));
}
