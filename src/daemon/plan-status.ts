/** The last plan in the status document: what it held and what failed. */

import type { Translate } from '../messages/say.ts';
import type { Action, Withheld } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';

export interface PlanStatus {
  readonly digest: string;
  /** What `approve` takes for the changes that a limit holds; null where it holds none. */
  readonly held_digest: string | null;
  readonly withheld: readonly WithheldStatus[];
  readonly failed: readonly FailedStatus[];
}

interface WithheldStatus {
  readonly action: Action;
  readonly key: string | null;
  readonly id: string | null;
  readonly reason: string;
  readonly needs_decision: boolean;
  readonly message: string;
  readonly release: string;
  readonly until: string | null;
}

interface FailedStatus {
  readonly action: Action;
  readonly key: string | null;
  readonly id: string | null;
  readonly kind: string;
  readonly message: string;
  readonly logid: string | null;
}

export function renderPlan({ plan, outcomes }: RoundReport, translate: Translate): PlanStatus | null {
  if (plan === undefined) return null;
  return {
    digest: plan.digest,
    held_digest: plan.held?.digest ?? null,
    withheld: plan.withheld.map((item) => renderWithheld(item, translate)),
    failed: outcomes.flatMap(({ change, failure }) =>
      failure === undefined
        ? []
        : [
            {
              action: change.action,
              key: change.key,
              id: change.id,
              kind: failure.kind,
              message: translate(failure.message),
              logid: 'logid' in failure ? (failure.logid ?? null) : null,
            },
          ],
    ),
  };
}

function renderWithheld(withheld: Withheld, translate: Translate): WithheldStatus {
  const { action, key, id, reason, message, release, until } = withheld;
  return {
    action,
    key,
    id,
    reason,
    needs_decision: withheld.needsDecision,
    message: translate(message),
    release: translate(release),
    until: until === undefined ? null : new Date(until).toISOString(),
  };
}
