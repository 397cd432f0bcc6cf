/** A dry run's surroundings: it reads, plans, and cannot do anything else. */

import type { PlanSession } from '../cli/ports.ts';
import { sha256 } from '../lib/sha256.ts';
import type { Configuration } from '../model/configuration.ts';
import { checkReceivers } from '../reconcile/check-receivers.ts';
import { planRound } from '../reconcile/plan-round.ts';
import type { Context } from './context.ts';
import { openReader } from './open-reader.ts';
import { openReceivers } from './open-receivers.ts';

export async function openPlanSession(
  { settings, desired }: Configuration,
  context: Context,
): Promise<PlanSession> {
  const { policy, platform } = settings;
  const { observer, state, close } = await openReader(settings, context);
  const deps = { observer, now: () => context.clock.now(), digest: sha256 };
  const endpoint = platform.baseUrl;
  const receivers = openReceivers(settings, context);
  return {
    async plan(grants, signal) {
      const request = { desired, policy, endpoint, mode: 'person' as const, grants, signal };
      const planned = await planRound(deps, state, request);
      return { ...planned, plan: await checkReceivers(planned.plan, receivers, { signal }) };
    },
    close,
  };
}
