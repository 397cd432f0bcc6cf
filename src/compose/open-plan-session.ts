/** A dry run's surroundings: a client that can only read, and the state as it stands, without a lock. */

import type { PlanSession } from '../cli/ports.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import type { Configuration } from '../model/configuration.ts';
import { planRound } from '../reconcile/plan-round.ts';
import { readState } from '../record/load-state.ts';
import { type AccountDeps, openAccount } from './open-account.ts';
import { sha256 } from './sha256.ts';

export async function openPlanSession(
  { settings, desired }: Configuration,
  deps: AccountDeps,
): Promise<PlanSession> {
  const endpoint = settings.platform.baseUrl;
  const state = await readState({ disk: nodeDisk, dir: settings.stateDir, endpoint });
  const { observer, close } = openAccount(settings.platform, deps);
  const { policy } = settings;
  return {
    plan: (grants, signal) =>
      planRound({ observer, now: () => deps.clock.now(), digest: sha256 }, state, {
        desired,
        policy,
        endpoint,
        mode: 'person',
        grants,
        signal,
      }),
    close: async () => close(),
  };
}
