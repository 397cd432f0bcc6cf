/**
 * Walks a paged listing to its proven end: a function that fetches one page goes in, every item comes out in the order of
 * the pages, or nothing at all. It trusts no server to end: repeated tokens, empty tokens and endless pages are refused.
 */
import type { Operation } from '../model/calls.ts';
import { IncompleteListingError } from './incomplete-listing-error.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
  readonly nextPageToken: string;
}

/** Half a million apps in pages of 50; beyond it the server goes round in circles. */
const PAGES_MAX = 10_000;

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
    if (pageToken === '')
      throw new IncompleteListingError(`page ${pages} has more but names no next`, operation);
    if (seenTokens.has(pageToken)) {
      throw new IncompleteListingError(`page ${pages} leads back to an earlier one`, operation);
    }
    seenTokens.add(pageToken);
  }
  throw new IncompleteListingError(`no end after ${PAGES_MAX} pages`, operation);
}
