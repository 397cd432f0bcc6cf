/**
 * Walks a paged listing to its proven end: all items in the order of the pages, or an error. No server is
 * trusted to end: repeated tokens, empty tokens and endless pages are refused.
 */

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

/** Throws IncompleteListingError when the end cannot be proven, and whatever `fetchPage` throws. */
export async function walkPages<Item>(
  fetchPage: (pageToken: string) => Promise<Page<Item>>,
  operation: Operation,
): Promise<{ readonly items: Item[]; readonly pages: number }> {
  const items: Item[] = [];
  const seenTokens = new Set<string>();
  let pageToken = '';
  for (let pages = 1; pages <= PAGES_MAX; pages += 1) {
    const page = await fetchPage(pageToken);
    items.push(...page.items);
    if (!page.hasMore) return { items, pages };
    pageToken = page.nextPageToken;
    if (pageToken === '') {
      throw new IncompleteListingError(message('platform.page_without_next', { page: pages }), operation);
    }
    if (seenTokens.has(pageToken)) {
      throw new IncompleteListingError(message('platform.page_leads_back', { page: pages }), operation);
    }
    seenTokens.add(pageToken);
  }
  throw new IncompleteListingError(message('platform.pages_without_end', { pages: PAGES_MAX }), operation);
}
