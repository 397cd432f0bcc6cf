/** What a dry run needs: it reads and plans, and has no write access. */

import { sha256 } from '../lib/sha256.ts';
import type { Configuration } from '../model/configuration.ts';
import { checkReceivers } from '../reconcile/check-receivers.ts';
import { type PlannedRound, planRound } from '../reconcile/plan-round.ts';
import { openWithClosers } from './closers.ts';
import type { Context } from './context.ts';
import { openReceivers } from './open-account.ts';
import { openReader } from './open-reader.ts';

export interface Grants {
  readonly allowDeletes: boolean;
  /** Keys and digests that a person approved. */
  readonly subjects: ReadonlySet<string>;
}

/** Reads the account and plans; cannot write, by type. */
export interface PlanSession {
  plan(grants: Grants, signal: AbortSignal): Promise<PlannedRound>;
  close(): Promise<void>;
}

export function openPlanSession(
  { settings, desired }: Configuration,
  context: Context,
): Promise<PlanSession> {
  const { policy, platform } = settings;
  return openWithClosers(async (closers) => {
    const { observer, state } = await openReader(settings, context, { closers });
    const receivers = openReceivers(settings, context);
    const deps = { observer, now: () => context.clock.now(), digest: sha256 };
    const endpoint = platform.baseUrl;
    return {
      async plan(grants, signal) {
        const request = { desired, policy, endpoint, mode: 'person' as const, grants, signal };
        const planned = await planRound(deps, state, request);
        return { ...planned, plan: await checkReceivers(planned.plan, receivers, { signal }) };
      },
    } satisfies Omit<PlanSession, 'close'>;
  });
}
