/**
 * Walks a paged listing to its proven end: all items in the order of the pages, or an error. No server is
 * trusted to end: repeated tokens, empty tokens and endless pages are refused, by their number, by time and by memory.
 */

import type { Clock } from '../lib/clock.ts';

import { type Message, message } from '../messages/message.ts';
import { type Operation, PlatformError } from '../model/calls.ts';

/**
 * A listing that could not be proven complete. Nothing may be concluded from it, so nothing of it is kept.
 */
export class IncompleteListingError extends PlatformError {
  override readonly name = 'IncompleteListingError';

  constructor(problem: Message, operation: Operation) {
    super({
      kind: 'bad_response',
      operation,
      message: message('platform.listing_unproven', { operation, problem }),
      advice: message('platform.listing_unproven_advice'),
      attempts: 1,
    });
  }
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
  readonly nextPageToken: string;
}

/** 50,000 apps in pages of 50, five times the largest account; beyond it the server goes round in circles. */
const PAGES_MAX = 1_000;
const ITEMS_MAX = 50_000;
/** All texts of a listing together; 10,000 apps have 3 million. */
const CHARACTERS_MAX = 32 * 1024 * 1024;
/** 200 pages at one request in nine seconds. */
const TIME_MS_MAX = 30 * 60 * 1_000;
/** Pages in a row that bring nothing new. */
const IDLE_PAGES_MAX = 20;

export interface WalkOptions<Item> {
  readonly operation: Operation;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** What makes two items the same. */
  readonly identify: (item: Item) => string;
  /** Characters that an item keeps in memory. */
  readonly measure: (item: Item) => number;
  /** An item that is there already; `undefined` lets it pass. */
  readonly refuseRepeated?: (item: Item) => Message;
}

/** Throws IncompleteListingError when the end cannot be proven, and whatever `fetchPage` throws. */
export async function walkPages<Item>(
  fetchPage: (pageToken: string) => Promise<Page<Item>>,
  options: WalkOptions<Item>,
): Promise<{ readonly items: Item[]; readonly pages: number }> {
  const { operation } = options;
  const gathering = createGathering(options);
  const seenTokens = new Set<string>();
  let pageToken = '';
  for (let pages = 1; ; pages += 1) {
    const page = await fetchPage(pageToken);
    const refusal = gathering.add(page, pages);
    if (refusal !== undefined) throw new IncompleteListingError(refusal, operation);
    if (!page.hasMore) return { items: gathering.items, pages };
    pageToken = page.nextPageToken;
    if (pageToken === '') {
      throw new IncompleteListingError(message('platform.page_without_next', { page: pages }), operation);
    }
    if (seenTokens.has(pageToken)) {
      throw new IncompleteListingError(message('platform.page_leads_back', { page: pages }), operation);
    }
    seenTokens.add(pageToken);
  }
}

interface Gathering<Item> {
  readonly items: Item[];
  /** Why no more is taken; undefined while all is well. */
  add(page: Page<Item>, pages: number): Message | undefined;
}

function createGathering<Item>(options: WalkOptions<Item>): Gathering<Item> {
  const { clock, identify, measure, refuseRepeated } = options;
  const startedAt = clock.monotonic();
  const items: Item[] = [];
  const seen = new Set<string>();
  let characters = 0;
  let idlePages = 0;
  return {
    items,
    add({ items: found, hasMore, nextPageToken }, pages) {
      const before = seen.size;
      for (const item of found) {
        const identity = identify(item);
        if (seen.has(identity) && refuseRepeated !== undefined) return refuseRepeated(item);
        seen.add(identity);
        items.push(item);
        characters += measure(item);
      }
      characters += nextPageToken.length;
      idlePages = seen.size === before ? idlePages + 1 : 0;
      if (items.length > ITEMS_MAX || characters > CHARACTERS_MAX) {
        return message('platform.listing_too_large', { items: items.length, pages });
      }
      const elapsedMs = clock.monotonic() - startedAt;
      if (hasMore && elapsedMs > TIME_MS_MAX) {
        return message('platform.listing_too_long', { minutes: TIME_MS_MAX / 60_000, pages });
      }
      const isEndless = hasMore && (pages >= PAGES_MAX || idlePages >= IDLE_PAGES_MAX);
      return isEndless ? message('platform.pages_without_end', { pages }) : undefined;
    },
  };
}
