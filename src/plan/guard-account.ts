/**
 * Keeps new things out of what looks like another account: where the listing shows none of our apps, a token was probably
 * changed, and nothing is made or taken over there until a person says so.
 */

import { message } from '../messages/message.ts';
import type { PlanContext } from './plan-context.ts';
import { holdUnlessApproved, type Proposal, subjectOf } from './proposal.ts';

export function guardAccount(context: PlanContext, proposals: readonly Proposal[]): readonly Proposal[] {
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
