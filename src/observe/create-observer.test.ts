import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { verbatim } from '../messages/message.ts';
import { type CallContext, type FailureKind, PlatformError } from '../model/calls.ts';
import { type AppId, asAppId } from '../model/identity.ts';
import type { ObservedApp, Questions } from '../model/observed.ts';
import { Secret } from '../model/secret.ts';
import { createObserver } from './create-observer.ts';
import type { AppLister, AppPage } from './ports.ts';
import { IncompleteListingError } from './walk-pages.ts';

const context: CallContext = { signal: new AbortController().signal };
const NOTHING: Questions = { eventsOf: [], probe: [], confirmListing: false };

function app(id: string): ObservedApp {
  return { id: asAppId(id), appType: 'normal', verifyToken: new Secret('t') };
}

function page(ids: readonly string[], nextPageToken = '', hasMore = nextPageToken !== ''): AppPage {
  return { items: ids.map(app), hasMore, nextPageToken };
}

function failure(kind: FailureKind): PlatformError {
  return new PlatformError({ kind, operation: 'list_events', message: verbatim(kind), attempts: 1 });
}

interface FakeLister extends AppLister {
  readonly asked: string[];
}

/** Pages by token; an array of pages under one token is given out one after the other. */
function createLister(
  pages: Readonly<Record<string, AppPage | AppPage[] | Error>>,
  events: (id: AppId) => readonly string[] | Error = () => [],
): FakeLister {
  const asked: string[] = [];
  return {
    asked,
    async listApps(token) {
      asked.push(`apps:${token}`);
      const answer = pages[token];
      const next = Array.isArray(answer) ? (answer.length > 1 ? answer.shift() : answer[0]) : answer;
      if (next === undefined) throw new Error(`nobody should ask for page ${token}`);
      if (next instanceof Error) throw next;
      return next;
    },
    async listEvents(id) {
      asked.push(`events:${id}`);
      const answer = events(id);
      if (answer instanceof Error) throw answer;
      return { eventTypes: answer, hasMore: false, nextPageToken: '' };
    },
  };
}

function observe(lister: AppLister) {
  return createObserver({ lister, clock: createVirtualClock(1_000), concurrency: 2 });
}

it('dates what it saw by the first of two passes, because both must show what was there by then', async () => {
  const clock = createVirtualClock(1_000);
  const lister = createLister({ '': page(['1']) });
  const slow = {
    ...lister,
    async listApps(token: string) {
      const shown = await lister.listApps(token, context);
      await clock.sleep(50);
      return shown;
    },
  };
  const observer = createObserver({ lister: slow, clock, concurrency: 1 });
  const observing = (async () => {
    const listing = await observer.list(context);
    return observer.answer(listing, { ...NOTHING, confirmListing: true }, context);
  })();
  let seen: Awaited<typeof observing> | undefined;
  observing.then(
    (observed) => {
      seen = observed;
    },
    () => {},
  );
  await clock.run(() => seen !== undefined);
  expect(seen).toMatchObject({ evidence: 'confirmed', listedAt: 1_000 });
});

describe('listing the account', () => {
  it('walks every page to the proven end and sorts by id', async () => {
    const lister = createLister({ '': page(['3', '1'], 'a'), a: page(['2'], 'b'), b: page([]) });
    const listing = await observe(lister).list(context);
    expect(listing.apps.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(listing).toMatchObject({ pages: 3, startedAt: 1_000, endedAt: 1_000 });
    expect(lister.asked).toEqual(['apps:', 'apps:a', 'apps:b']);
  });

  it.each([
    {
      pages: { '': page(['1'], '', true) },
      says: 'page 1 says that there is more, but gives no token for the next page',
    },
    { pages: { '': page(['1'], 'a'), a: page(['2'], 'a') }, says: 'page 2 leads back to an earlier page' },
    {
      pages: { '': page(['1'], 'a'), a: page(['2'], 'b'), b: page(['3'], 'a') },
      says: 'page 3 leads back to an earlier page',
    },
    { pages: { '': page(['1', '2'], 'a'), a: page(['2']) }, says: 'app 2 is listed twice' },
    {
      pages: { '': [page([]), page(['1'])] },
      says: 'the first pass returned no apps, the second returned some',
    },
  ])('refuses a listing that cannot be proven complete: $says', async ({ pages, says }) => {
    const error = await observe(createLister(pages))
      .list(context)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IncompleteListingError);
    expect((error as IncompleteListingError).message).toContain(says);
    expect((error as IncompleteListingError).details).toMatchObject({ kind: 'bad_response' });
  });

  it('gives up on a server whose pages never end', async () => {
    let pages = 0;
    const lister = {
      ...createLister({}),
      listApps: async () => page([String(++pages)], `token-${pages}`),
    };
    await expect(observe(lister).list(context)).rejects.toThrow('still not complete after 1000 pages');
  });

  it('fails as a whole when one page fails', async () => {
    const lister = createLister({ '': page(['1'], 'a'), a: failure('transient') });
    await expect(observe(lister).list(context)).rejects.toThrow(PlatformError);
  });

  it('believes an empty account only when it is told twice', async () => {
    const lister = createLister({ '': page([]) });
    expect((await observe(lister).list(context)).apps).toEqual([]);
    expect(lister.asked).toHaveLength(2);
  });
});

describe('answering the planner', () => {
  const listOnce = async (lister: AppLister) => {
    const observer = observe(lister);
    return { observer, listing: await observer.list(context) };
  };

  it('asks nothing when there is nothing to ask', async () => {
    const lister = createLister({ '': page(['1']) });
    const { observer, listing } = await listOnce(lister);
    const observed = await observer.answer(listing, NOTHING, context);
    expect(observed.evidence).toBe('complete');
    expect([...observed.apps.keys()]).toEqual(['1']);
    expect(lister.asked).toHaveLength(1);
  });

  it.each([
    { second: page(['1', '2']), evidence: 'confirmed', reason: 'the same ids' },
    { second: page(['1']), evidence: 'disagrees', reason: 'one is missing' },
    { second: page(['1', '3']), evidence: 'disagrees', reason: 'another id' },
  ])('compares a second pass with the first: $reason', async ({ second, evidence }) => {
    const { observer, listing } = await listOnce(createLister({ '': [page(['1', '2']), second] }));
    const observed = await observer.answer(listing, { ...NOTHING, confirmListing: true }, context);
    expect(observed.evidence).toBe(evidence);
    expect([...observed.apps.keys()]).toEqual(second.items.map(({ id }) => id));
  });

  it('lists subscriptions sorted and without repeats', async () => {
    const lister = createLister({ '': page(['1', '2']) }, (id) => (id === '1' ? ['b', 'a', 'b'] : []));
    const { observer, listing } = await listOnce(lister);
    const eventsOf = [asAppId('1'), asAppId('2')];
    const { events } = await observer.answer(listing, { ...NOTHING, eventsOf }, context);
    expect([...events]).toEqual([
      ['1', ['a', 'b']],
      ['2', []],
    ]);
  });

  it('asks no further app once one could not be asked, and fails as a whole', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => String(index + 100));
    const lister = createLister({ '': page(ids) }, () => failure('auth'));
    const { observer, listing } = await listOnce(lister);
    const questions = { ...NOTHING, eventsOf: ids.map(asAppId) };
    await expect(observer.answer(listing, questions, context)).rejects.toThrow('auth');
    expect(lister.asked.filter((call) => call.startsWith('events:')).length).toBeLessThanOrEqual(2);
  });
});

describe('probing for an app that the listing does not show', () => {
  const probe = async (events: (id: AppId) => readonly string[] | Error) => {
    const lister = createLister({ '': page(['1']) }, events);
    const observer = observe(lister);
    const listing = await observer.list(context);
    const ask = async (id: string) => {
      const answer = await observer.answer(listing, { ...NOTHING, probe: [asAppId(id)] }, context);
      return answer.probes.get(asAppId(id));
    };
    return { lister, ask };
  };
  const only = (known: string) => (id: AppId) => (id === known ? [] : failure('not_found'));

  it('tells present from absent where unknown ids are refused, and calibrates once', async () => {
    const { lister, ask } = await probe(only('7'));
    expect([await ask('7'), await ask('8')]).toEqual(['present', 'absent']);
    expect(lister.asked.filter((call) => call.startsWith('events:'))).toEqual([
      'events:1000000000000000001',
      'events:7',
      'events:8',
    ]);
  });

  it('knows nothing where the platform answers for an id that cannot exist', async () => {
    const { lister, ask } = await probe(() => []);
    expect(await ask('7')).toBe('unknown');
    expect(lister.asked.filter((call) => call === 'events:7')).toEqual([]);
  });

  it('knows nothing where the question is refused for another reason', async () => {
    const { ask } = await probe((id) => (id === '7' ? failure('permission') : failure('not_found')));
    expect(await ask('7')).toBe('unknown');
  });

  it('fails, rather than guess, when the question could not be asked; calibration is tried again', async () => {
    let isDown = true;
    const { ask } = await probe((id) => (isDown ? failure('transient') : only('7')(id)));
    await expect(ask('7')).rejects.toThrow('transient');
    isDown = false;
    expect(await ask('7')).toBe('present');
  });
});
