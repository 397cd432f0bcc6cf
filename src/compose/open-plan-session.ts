/** A dry run's surroundings: it reads, plans, and cannot do anything else. */

import type { PlanSession } from '../cli/ports.ts';
import type { Configuration } from '../model/configuration.ts';
import { planRound } from '../reconcile/plan-round.ts';
import type { Context } from './context.ts';
import { openReader } from './open-reader.ts';
import { sha256 } from './sha256.ts';

export async function openPlanSession(
  { settings, desired }: Configuration,
  context: Context,
): Promise<PlanSession> {
  const { policy, platform } = settings;
  const { observer, state, close } = await openReader(settings, context);
  const deps = { observer, now: () => context.clock.now(), digest: sha256 };
  const endpoint = platform.baseUrl;
  return {
    plan: (grants, signal) =>
      planRound(deps, state, { desired, policy, endpoint, mode: 'person', grants, signal }),
    close,
  };
}
