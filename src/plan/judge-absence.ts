/**
 * Decides whether an owned app that the listing does not show is really gone. It believes nothing from one look: the
 * listing may lag, hide an app, or belong to another account.
 */

import type { OwnedApp } from '../model/state.ts';
import { type Hold, holdUnlessApproved } from './proposal.ts';
import type { Situation } from './world.ts';

/** Why its absence is not believed; `undefined` when it is. `subject` is the key that a person would approve. */
export function judgeAbsence(situation: Situation, owned: OwnedApp, subject: string): Hold | undefined {
  const { input, observed } = situation;
  if (!situation.missing.has(owned.key)) {
    const until = owned.boundAt + input.policy.settleMs;
    const message = `${owned.id} is not listed yet; it was bound a moment ago, and listings may lag.`;
    return { reason: 'settling', message, until };
  }
  if (situation.isSuspicious) {
    const hold = holdUnlessApproved(situation, subject, {
      reason: 'suspicious_absence',
      message: `${situation.missing.size} of ${input.state.apps.size} owned apps are missing at once; the limit is a share of ${input.policy.limits.missingShare}.`,
    });
    if (hold !== undefined) return hold;
  }
  const probe = observed.probes.get(owned.id);
  if (probe === 'present') {
    const message = `${owned.id} is not listed, but its subscriptions can be read, so it is still there.`;
    return { reason: 'listing_disagrees', message };
  }
  if (observed.evidence !== 'confirmed') {
    return {
      reason: 'listing_disagrees',
      message: `${owned.id} is not listed, and no second listing agrees with the first.`,
    };
  }
  if (probe !== undefined) return undefined;
  return {
    reason: 'settling',
    message: `${owned.id} is not listed; the next round asks whether it is there.`,
  };
}
