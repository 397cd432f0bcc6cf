/**
 * Observes the account: complete listings and answers to the planner's questions, never half a list. It
 * judges nothing.
 */

import type { Clock } from '../lib/clock.ts';
import { message } from '../messages/message.ts';
import type { CallContext } from '../model/calls.ts';
import { type AppId, compareText } from '../model/identity.ts';
import {
  type Evidence,
  type Listing,
  type ObservedApp,
  type ObservedState,
  type Questions,
  readMark,
} from '../model/observed.ts';
import { askEach } from './ask-each.ts';
import type { AppLister } from './ports.ts';
import { createExistenceProbe } from './probe-existence.ts';
import { IncompleteListingError, walkPages } from './walk-pages.ts';

export interface Observer {
  /**
   * One complete pass over the listing. Throws IncompleteListingError or PlatformError; there is no partial
   * result.
   */
  list(context: CallContext): Promise<Listing>;
  /** Answers the planner's questions about `listing`. Fails as a whole when one answer cannot be had. */
  answer(listing: Listing, questions: Questions, context: CallContext): Promise<ObservedState>;
}

export interface ObserverOptions {
  readonly lister: AppLister;
  readonly clock: Clock;
  /** How many apps' subscriptions are listed at the same time. */
  readonly concurrency: number;
}

export function createObserver({ lister, clock, concurrency }: ObserverOptions): Observer {
  const probeExistence = createExistenceProbe(lister);

  async function walkOnce(context: CallContext): Promise<Omit<Listing, 'startedAt' | 'endedAt'>> {
    const { items, pages } = await walkPages((token) => lister.listApps(token, context), 'list_apps');
    const apps = items.map(readMark).sort((left, right) => compareText(left.id, right.id));
    const repeated = apps.find((app, index) => app.id === apps[index - 1]?.id);
    if (repeated !== undefined) {
      throw new IncompleteListingError(
        message('platform.app_listed_twice', { id: repeated.id }),
        'list_apps',
      );
    }
    return { apps, pages };
  }

  async function list(context: CallContext): Promise<Listing> {
    const startedAt = clock.now();
    let walk = await walkOnce(context);
    if (walk.apps.length === 0) {
      // A broken reply can look empty too, and accepting it would be the costliest mistake: an empty account
      // is listed twice.
      const again = await walkOnce(context);
      if (again.apps.length > 0) {
        throw new IncompleteListingError(message('platform.passes_disagree'), 'list_apps');
      }
      walk = { apps: [], pages: walk.pages + again.pages };
    }
    return { ...walk, startedAt, endedAt: clock.now() };
  }

  async function listEventTypes(id: AppId, context: CallContext): Promise<readonly string[]> {
    const { items } = await walkPages(async (token) => {
      const { eventTypes, ...page } = await lister.listEvents(id, token, context);
      return { ...page, items: eventTypes };
    }, 'list_events');
    return [...new Set(items)].sort(compareText);
  }

  async function answer(
    listing: Listing,
    questions: Questions,
    context: CallContext,
  ): Promise<ObservedState> {
    const second = questions.confirmListing ? await list(context) : undefined;
    const events = await askEach(questions.eventsOf, listEventTypes, { context, concurrency });
    const probes = await askEach(questions.probe, probeExistence, { context, concurrency });
    const latest = second ?? listing;
    return {
      apps: new Map(latest.apps.map((app) => [app.id, app])),
      evidence: second === undefined ? 'complete' : compareListings(listing, second),
      events,
      probes,
      listedAt: listing.startedAt,
    };
  }

  return { list, answer };
}

/** Two passes agree when they hold the same ids; fields may have changed in between. */
function compareListings(first: Listing, second: Listing): Evidence {
  const isSame =
    first.apps.length === second.apps.length &&
    first.apps.every((app: ObservedApp, index) => app.id === second.apps[index]?.id);
  return isSame ? 'confirmed' : 'disagrees';
}
