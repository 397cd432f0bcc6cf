/** A dry run's surroundings: a client that can only read, and the state as it stands, without a lock. */

import type { PlanSession } from '../cli/ports.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import type { Configuration } from '../model/configuration.ts';
import { planRound } from '../reconcile/plan-round.ts';
import { readState } from '../record/load-state.ts';
import { logCall } from '../record/log-call.ts';
import type { Context } from './context.ts';
import { openAccount } from './open-account.ts';
import { openEventLog } from './open-records.ts';
import { sha256 } from './sha256.ts';

export async function openPlanSession(configuration: Configuration, context: Context): Promise<PlanSession> {
  const { settings, desired } = configuration;
  const { policy, platform } = settings;
  const { edge, clock, version } = context;
  const endpoint = platform.baseUrl;
  const state = await readState({ disk: nodeDisk, dir: settings.stateDir, endpoint });
  const log = openEventLog(settings, context, edge.stderr);
  const { observer, close } = openAccount(platform, {
    clock,
    random: Math.random,
    environment: edge.environment,
    version,
    onCall: (report, about) => logCall(log, report, about),
    onWarning: (detail) => log.write('token_warning', { detail }),
  });
  const deps = { observer, now: () => clock.now(), digest: sha256 };
  return {
    plan: (grants, signal) =>
      planRound(deps, state, { desired, policy, endpoint, mode: 'person', grants, signal }),
    async close() {
      close();
      await log.flush();
    },
  };
}
