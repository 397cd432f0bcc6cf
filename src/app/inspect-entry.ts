/**
 * One look at the account on behalf of one entry: what it holds now, and what the daemon would decide. It
 * cannot write, and leaves nothing behind.
 */

import { sha256 } from '../lib/sha256.ts';
import type { Configuration } from '../model/configuration.ts';
import { type AppKey, compareText } from '../model/identity.ts';
import { type PlannedRound, planRound } from '../reconcile/plan-round.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import { withClosers } from './closers.ts';
import type { Context } from './context.ts';
import { openReader } from './open-reader.ts';

export function inspectEntry(
  { settings, desired }: Configuration,
  key: AppKey,
  context: Context,
): Promise<PlannedRound> {
  const { platform, policy } = settings;
  return withClosers(async (closers) => {
    const { observer, state, clock } = await openReader(settings, context, { closers });
    const deps = {
      observer: alsoListingEvents(observer, state.apps.get(key)?.id),
      now: () => clock.now(),
      digest: sha256,
    };
    return planRound(deps, state, {
      desired,
      policy,
      endpoint: platform.baseUrl,
      mode: 'daemon',
      grants: { allowDeletes: false, subjects: new Set() },
      signal: context.signals.interrupted,
    });
  });
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
