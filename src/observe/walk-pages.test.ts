import { expect, it } from 'vitest';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { message } from '../messages/message.ts';
import { IncompleteListingError, type Page, walkPages } from './walk-pages.ts';

/** A server that always has another page. */
async function walkEndless(
  makePage: (page: number) => readonly string[],
  { msPerPage = 0, isRepeatable = false, makeToken = (page: number) => `token-${page}` } = {},
): Promise<{ error: unknown; asked: number }> {
  const clock = createVirtualClock(0);
  let asked = 0;
  let error: unknown;
  const fetchPage = async (): Promise<Page<string>> => {
    asked += 1;
    if (msPerPage > 0) await clock.sleep(msPerPage);
    return { items: makePage(asked), hasMore: true, nextPageToken: makeToken(asked) };
  };
  const options = {
    operation: 'list_apps',
    clock,
    identify: (item: string) => item.slice(0, 20),
    measure: ({ length }: string) => length,
  } as const;
  const refuseRepeated = (id: string) => message('platform.app_listed_twice', { id });
  const walk = walkPages(fetchPage, isRepeatable ? options : { ...options, refuseRepeated });
  walk.catch((thrown: unknown) => {
    error = thrown;
  });
  if (msPerPage > 0) await clock.run(() => error !== undefined);
  else await walk.catch(() => {});
  expect(error).toBeInstanceOf(IncompleteListingError);
  return { error, asked };
}

const says = (text: RegExp) => expect.objectContaining({ message: expect.stringMatching(text) });
const fifty = (page: number) => Array.from({ length: 50 }, (_, index) => `item-${page}-${index}`);

it('ends at the number of pages', async () => {
  const { error, asked } = await walkEndless((page) => [`item-${page}`]);
  expect(error).toEqual(says(/still not complete after 1000 pages/));
  expect(asked).toBe(1_000);
});

it('ends at the number of items, however large the pages are', async () => {
  const { error, asked } = await walkEndless((page) =>
    Array.from({ length: 2_000 }, (_, at) => `${page}-${at}`),
  );
  expect(error).toEqual(says(/50000 items|52000 items/));
  expect(asked).toBe(26);
});

it('ends where texts take too much memory, be they in items or in page tokens', async () => {
  const long = 'x'.repeat(4 * 1024 * 1024);
  const items = await walkEndless((page) => [`${page}-`.padEnd(20) + long]);
  expect(items.error).toEqual(says(/more than any account holds/));
  expect(items.asked).toBe(8);
  const tokens = await walkEndless(fifty, { makeToken: (page) => `${page}${long}` });
  expect(tokens.asked).toBe(8);
});

it('ends after half an hour', async () => {
  const { error, asked } = await walkEndless(fifty, { msPerPage: 14_000 });
  expect(error).toEqual(says(/still not complete after 30 minutes and 129 pages/));
  expect(asked).toBe(129);
});

it('ends where pages bring nothing new', async () => {
  for (const makePage of [() => [], () => ['the same']]) {
    const { error, asked } = await walkEndless(makePage, { isRepeatable: true });
    expect(error).toEqual(says(/still not complete after 2[01] pages/));
    expect(asked).toBeLessThanOrEqual(21);
  }
});

it('ends at the first item that comes twice where that proves a fault', async () => {
  const { error, asked } = await walkEndless((page) => [`item-${page % 3}`]);
  expect(error).toEqual(says(/is listed twice/));
  expect(asked).toBe(4);
});
