/**
 * Apps in listing order, cut into pages behind a cursor. A cursor names a rank, not a position, so that apps
 * created or deleted between two pages neither repeat nor hide others.
 */

interface Ranked {
  /** Unique within an index. */
  readonly rank: number;
}

export interface Cut<Item> {
  readonly items: readonly Item[];
  /** Rank of the first visible item after the page; undefined on the last page. */
  readonly following: number | undefined;
}

interface CutOptions<Item> {
  /** Only items of a higher rank. */
  readonly after: number;
  readonly size: number;
  readonly isVisible: (item: Item) => boolean;
}

/** Sorted by rank. A flat array: inserting at the front of 10,000 moves 80 KB, a few microseconds. */
export class PageIndex<Item extends Ranked> {
  readonly #items: Item[] = [];

  insert(item: Item): void {
    this.#items.splice(this.#countUpTo(item.rank), 0, item);
  }

  /** Does nothing for an item that is not there. */
  remove(item: Item): void {
    const at = this.#countUpTo(item.rank) - 1;
    if (this.#items[at] === item) this.#items.splice(at, 1);
  }

  /** At most `size` visible items after the cursor. */
  cut({ after, size, isVisible }: CutOptions<Item>): Cut<Item> {
    const page: Item[] = [];
    for (let at = this.#countUpTo(after); at < this.#items.length; at += 1) {
      const item = this.#items[at] as Item;
      if (!isVisible(item)) continue;
      if (page.length === size) return { items: page, following: item.rank };
      page.push(item);
    }
    return { items: page, following: undefined };
  }

  /** How many items have this rank or a lower one. */
  #countUpTo(rank: number): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle] as Item).rank > rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The opaque token of a cursor: base64 with padding, like the vendor's `eyJ...` example. */
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
