/** What a dry run needs: it reads and plans, and has no write access. */

import { sha256 } from '../lib/sha256.ts';
import type { Configuration } from '../model/configuration.ts';
import type { AppId, AppKey } from '../model/identity.ts';
import type { State } from '../model/state.ts';
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

export function findOwner({ apps }: State, id: AppId): AppKey | undefined {
  return [...apps.values()].find((app) => app.id === id || app.replaces === id)?.key;
}

/** Reads the account and plans; cannot write, by type. */
export interface PlanSession {
  plan(grants: Grants, signal: AbortSignal): Promise<PlannedRound>;
  /** The key that owns an app, also one that a replacement still has to delete. */
  ownerOf(id: AppId): AppKey | undefined;
  close(): Promise<void>;
}

export function openPlanSession(
  { settings, desired }: Configuration,
  context: Context,
): Promise<PlanSession> {
  const { policy, platform } = settings;
  return openWithClosers(async (closers) => {
    const { observer, state, clock } = await openReader(settings, context, { closers });
    const receivers = openReceivers(settings, context);
    const deps = { observer, now: () => clock.now(), digest: sha256 };
    const endpoint = platform.baseUrl;
    return {
      async plan(grants, signal) {
        const request = { desired, policy, endpoint, mode: 'person' as const, grants, signal };
        const planned = await planRound(deps, state, request);
        return { ...planned, plan: await checkReceivers(planned.plan, receivers, { signal }) };
      },
      ownerOf: (id) => findOwner(state, id),
    } satisfies Omit<PlanSession, 'close'>;
  });
}
