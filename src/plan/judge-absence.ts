/**
 * Decides whether an owned app that the listing does not show is really gone. It believes nothing from one look: the
 * listing may lag, hide an app, or belong to another account.
 */

import { message } from '../messages/message.ts';
import type { OwnedApp } from '../model/state.ts';
import type { PlanContext } from './plan-context.ts';
import { type Hold, holdUnlessApproved } from './proposal.ts';

/** Why its absence is not believed; `undefined` when it is. `subject` is the key that a person would approve. */
export function judgeAbsence(context: PlanContext, owned: OwnedApp, subject: string): Hold | undefined {
  const { input, observed, missing } = context;
  const { id } = owned;
  if (!missing.has(owned.key)) {
    const until = owned.boundAt + input.policy.settleMs;
    return { reason: 'settling', message: message('plan.bound_recently', { id }), until };
  }
  if (context.isSuspicious) {
    const hold = holdUnlessApproved(context, subject, {
      reason: 'suspicious_absence',
      message: message('plan.missing_at_once', {
        missing: missing.size,
        owned: input.state.apps.size,
        limit: input.policy.limits.missingShare,
      }),
    });
    if (hold !== undefined) return hold;
  }
  const probe = observed.probes.get(id);
  if (probe === 'present') {
    return { reason: 'listing_disagrees', message: message('plan.missing_but_readable', { id }) };
  }
  if (observed.evidence !== 'confirmed') {
    return { reason: 'listing_disagrees', message: message('plan.missing_unconfirmed', { id }) };
  }
  if (probe !== undefined) return undefined;
  return { reason: 'settling', message: message('plan.missing_not_probed', { id }) };
}
