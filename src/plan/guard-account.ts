/**
 * Keeps new things out of what looks like another account: where the listing shows none of our apps, a token was probably
 * changed, and nothing is made or taken over there until a person says so.
 */

import { message } from '../messages/message.ts';
import { holdUnlessApproved, type Proposal, subjectOf } from './proposal.ts';
import type { Situation } from './world.ts';

export function guardAccount(situation: Situation, proposals: readonly Proposal[]): readonly Proposal[] {
  const { isSuspicious, missing, input } = situation;
  if (!isSuspicious || missing.size < input.state.apps.size) return proposals;
  return proposals.map((proposal) => {
    const { change, hold } = proposal;
    const isNew = change.action === 'create' || change.action === 'adopt';
    if (hold !== undefined || !isNew) return proposal;
    const held = holdUnlessApproved(situation, subjectOf(change), {
      reason: 'suspicious_absence',
      message: message('plan.missing_all', { missing: missing.size }),
    });
    return held === undefined ? proposal : { ...proposal, hold: held };
  });
}
