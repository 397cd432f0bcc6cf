/**
 * Whether an owned app that is not listed is really gone. One listing is never enough: it may lag or hide
 * apps.
 */

import { message } from '../messages/message.ts';
import type { OwnedApp } from '../model/state.ts';
import { lagsUntil } from './own-writes.ts';
import type { PlanContext } from './plan-context.ts';
import { type Decision, type Hold, holdUnlessApproved, makeChange } from './proposal.ts';

/**
 * Why its absence does not count as deletion; `undefined` when it does. `subject` is the key that a person
 * would approve.
 */
export function judgeAbsence(context: PlanContext, owned: OwnedApp, subject: string): Hold | undefined {
  const { input, observed, missing } = context;
  const { id } = owned;
  if (!missing.has(owned.key)) {
    const until = lagsUntil(context, owned.boundAt);
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

/**
 * Proposes to drop the record of an app that neither the file nor the account shows any more. It sends
 * nothing.
 */
export function proposeForget(context: PlanContext, orphan: OwnedApp): Decision {
  const change = makeChange(context, {
    ...{ action: 'forget', reason: 'orphan_absent', key: orphan.key, id: orphan.id, owned: orphan },
    steps: [{ do: 'unbind', id: orphan.id }],
  });
  const hold = judgeAbsence(context, orphan, orphan.key);
  return { proposals: [{ change, hold, deletes: 'nothing' }], remember: [] };
}
