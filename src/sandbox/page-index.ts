/**
 * Keeps apps in listing order and cuts pages out of it by a cursor. In go apps with a rank, out come pages and cursors;
 * it never decides which apps exist. A cursor names a rank, not a position, so that apps made or deleted between two
 * pages neither repeat nor hide others. A page costs O(log n + page), an insertion a binary search and a memory move.
 */

export interface Ranked {
  /** Unique within an index. */
  readonly rank: number;
}

export interface Cut<Item> {
  readonly items: readonly Item[];
  /** Rank of the first visible item behind the page; undefined when the page is the last. */
  readonly following: number | undefined;
}

export interface CutOptions<Item> {
  /** Only items behind this rank. */
  readonly after: number;
  readonly size: number;
  readonly isVisible: (item: Item) => boolean;
}

export class PageIndex<Item extends Ranked> {
  readonly #items: Item[] = [];

  insert(item: Item): void {
    const at = this.#firstBehind(item.rank);
    if (at === this.#items.length) this.#items.push(item);
    else this.#items.splice(at, 0, item);
  }

  remove(item: Item): void {
    const at = this.#firstBehind(item.rank) - 1;
    if (this.#items[at] === item) this.#items.splice(at, 1);
  }

  cut({ after, size, isVisible }: CutOptions<Item>): Cut<Item> {
    const items: Item[] = [];
    for (let at = this.#firstBehind(after); at < this.#items.length; at += 1) {
      const item = this.#items[at] as Item;
      if (!isVisible(item)) continue;
      if (items.length === size) return { items, following: item.rank };
      items.push(item);
    }
    return { items, following: undefined };
  }

  #firstBehind(rank: number): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle] as Item).rank <= rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The opaque token of a cursor: base64 with padding, as in the vendor's `eyJ...` example, so that a client that does
 * not encode it in the query is found out.
 */
export function formatPageToken(rank: number): string {
  return Buffer.from(JSON.stringify({ after: rank })).toString('base64');
}

/** The rank a token stands for; `-Infinity` for the first page, undefined for a token we never issued. */
export function parsePageToken(token: string): number | undefined {
  if (token === '') return Number.NEGATIVE_INFINITY;
  const match = /^\{"after":(null|-?\d+)\}$/.exec(Buffer.from(token, 'base64').toString('utf8'));
  if (match === null) return undefined;
  return match[1] === 'null' ? Number.NEGATIVE_INFINITY : Number(match[1]);
}
