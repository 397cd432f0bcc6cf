/**
 * Observes the account: complete listings and answers to the planner's questions, never half a list. It
 * judges nothing.
 */

import pMap from 'p-map';
import type { Clock } from '../lib/clock.ts';
import { message } from '../messages/message.ts';
import { type CallContext, PlatformError } from '../model/calls.ts';
import { type AppId, asAppId, compareText } from '../model/identity.ts';
import {
  type Evidence,
  type Listing,
  type ObservedApp,
  type ObservedState,
  type ProbeResult,
  type Questions,
  readMark,
} from '../model/observed.ts';
import type { AppLister } from './ports.ts';
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
    const { items, pages } = await walkPages((token) => lister.listApps(token, context), {
      operation: 'list_apps',
      clock,
      identify: ({ id }) => id,
      measure: measureApp,
      refuseRepeated: ({ id }) => message('platform.app_listed_twice', { id }),
    });
    const apps = items.map(readMark).sort((left, right) => compareText(left.id, right.id));
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
    const listPage = async (token: string) => {
      const { eventTypes, ...page } = await lister.listEvents(id, token, context);
      return { ...page, items: eventTypes };
    };
    const { items } = await walkPages(listPage, {
      operation: 'list_events',
      clock,
      identify: (eventType) => eventType,
      measure: ({ length }) => length,
    });
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

function measureApp({ verifyToken, ...fields }: ObservedApp): number {
  const texts = Object.values(fields).filter((value) => typeof value === 'string');
  return texts.reduce((sum, { length }) => sum + length, verifyToken.length);
}

/** Two passes agree when they hold the same ids; fields may have changed in between. */
function compareListings(first: Listing, second: Listing): Evidence {
  const isSame =
    first.apps.length === second.apps.length &&
    first.apps.every((app: ObservedApp, index) => app.id === second.apps[index]?.id);
  return isSame ? 'confirmed' : 'disagrees';
}

interface AskOptions {
  readonly context: CallContext;
  readonly concurrency: number;
}

/**
 * One question about each of many apps, a few at a time: all the answers, or the first failure. After a
 * failure nothing new is asked, and what is under way has ended before it is thrown.
 */
async function askEach<Answer>(
  ids: readonly AppId[],
  ask: (id: AppId, context: CallContext) => Promise<Answer>,
  { context, concurrency }: AskOptions,
): Promise<ReadonlyMap<AppId, Answer>> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const failures: unknown[] = [];
  const answers = new Map<AppId, Answer>();

  async function askOne(id: AppId): Promise<void> {
    if (failures.length > 0) return;
    try {
      answers.set(id, await ask(id, { ...context, signal, appId: id }));
    } catch (error) {
      failures.push(error);
      failed.abort();
    }
  }

  await pMap(ids, askOne, { concurrency });
  if (failures.length > 0) throw failures[0];
  return new Map(ids.flatMap((id) => (answers.has(id) ? [[id, answers.get(id) as Answer]] : [])));
}

/**
 * Real ids are snowflakes of 19 digits that grow with time and begin with 7 today; this one is well formed,
 * so that it is looked up rather than refused for its form, and lies years before the first of them.
 */
const IMPOSSIBLE_ID = asAppId('1000000000000000001');

export type ExistenceProbe = (id: AppId, context: CallContext) => Promise<ProbeResult>;

/**
 * Asks whether an app still exists although the listing does not show it. There is no call for one app, but
 * listing the events of an id is refused with "not found" when there is none. That is not documented for
 * this call, so the probe is first tried on an id that cannot exist. The calibration runs once per probe
 * object, on first use; one that failed, or said neither, is tried again.
 */
export function createExistenceProbe(lister: AppLister): ExistenceProbe {
  let answersForNobody: Promise<boolean | undefined> | undefined;

  /** Whether the platform answers for an id that cannot exist; undefined where it said neither. */
  function calibrate(context: CallContext): Promise<boolean | undefined> {
    answersForNobody ??= askTwice(IMPOSSIBLE_ID, context);
    const asked = answersForNobody;
    const forget = () => {
      if (answersForNobody === asked) answersForNobody = undefined;
    };
    asked.then((answer) => answer ?? forget(), forget);
    return asked;
  }

  /**
   * An inconclusive refusal may be temporary, and a single one must not disable the probe permanently: it is
   * tried once more before it counts.
   */
  async function askTwice(id: AppId, context: CallContext): Promise<boolean | undefined> {
    return (await isKnown(id, context)) ?? (await isKnown(id, context));
  }

  /** Undefined where the answer says neither. */
  async function isKnown(id: AppId, context: CallContext): Promise<boolean | undefined> {
    try {
      await lister.listEvents(id, '', { ...context, appId: id });
      return true;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      const { kind } = error.details;
      if (kind === 'not_found') return false;
      // Refused for another reason: the app may be there and not ours to see.
      if (kind === 'permission' || kind === 'invalid') return undefined;
      throw error;
    }
  }

  return async (id, context) => {
    if (await calibrate(context)) return 'unknown';
    const known = await askTwice(id, context);
    if (known === undefined) return 'unknown';
    return known ? 'present' : 'absent';
  };
}
