/**
 * One look at the account on behalf of one entry: what it holds now, and what the daemon would decide. It cannot write, and
 * leaves nothing behind.
 */

import { nodeDisk } from '../lib/disk-node.ts';
import type { Configuration } from '../model/configuration.ts';
import { type AppKey, compareText } from '../model/identity.ts';
import { type PlannedRound, planRound } from '../reconcile/plan-round.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import { readState } from '../record/load-state.ts';
import { logCall } from '../record/log-call.ts';
import type { Context } from './context.ts';
import { openAccount } from './open-account.ts';
import { openEventLog } from './open-records.ts';
import { sha256 } from './sha256.ts';

export async function inspectEntry(
  { settings, desired }: Configuration,
  key: AppKey,
  context: Context,
): Promise<PlannedRound> {
  const { platform, policy, stateDir } = settings;
  const { edge, clock, version } = context;
  const endpoint = platform.baseUrl;
  const state = await readState({ disk: nodeDisk, dir: stateDir, endpoint });
  const log = openEventLog(settings, context, edge.stderr);
  const { observer, close } = openAccount(platform, {
    clock,
    random: Math.random,
    environment: edge.environment,
    version,
    onCall: (report, about) => logCall(log, report, about),
    onWarning: (detail) => log.write('token_warning', { detail }),
  });
  const deps = {
    observer: alsoListingEvents(observer, state.apps.get(key)?.id),
    now: () => clock.now(),
    digest: sha256,
  };
  const grants = { allowDeletes: false, subjects: new Set<string>() };
  const signal = edge.signals.interrupted;
  try {
    return await planRound(deps, state, { desired, policy, endpoint, mode: 'daemon', grants, signal });
  } finally {
    close();
    await log.flush();
  }
}

/** The daemon lists subscriptions only now and then; who asks about an entry wants to see those of now. */
function alsoListingEvents(observer: AccountObserver, id: string | undefined): AccountObserver {
  return {
    list: (context) => observer.list(context),
    answer(listing, questions, context) {
      const app = listing.apps.find((candidate) => candidate.id === id);
      if (app === undefined) return observer.answer(listing, questions, context);
      const eventsOf = [...new Set([...questions.eventsOf, app.id])].sort(compareText);
      return observer.answer(listing, { ...questions, eventsOf }, context);
    },
  };
}
