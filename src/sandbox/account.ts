/**
 * One account of the emulated platform: its apps, their subscriptions and the order in which they are listed.
 * It checks nothing: `operations.ts` decides what is allowed.
 */

import type { Clock } from '../lib/clock.ts';
import type { AppType } from '../model/identity.ts';
import type { NumberIssuer } from './issue-numbers.ts';
import type { Switches } from './switches.ts';

/** What the listing still shows of an app while it lags behind an update. */
interface OldFields {
  readonly name: string | undefined;
  readonly callbackUrl: string | undefined;
  readonly until: number;
}

/** The subscriptions that are still listed after a change. */
interface OldEvents {
  readonly events: readonly string[];
  readonly until: number;
}

/** An app as the platform holds it. */
export interface StoredApp {
  readonly id: string;
  readonly appType: AppType;
  readonly connectorId: string | undefined;
  readonly verifyToken: string;
  readonly createdAt: number;
  readonly rank: number;
  name: string | undefined;
  callbackUrl: string | undefined;
  readonly events: Set<string>;
  /** The listing shows it from `visibleAt` until `goneAt`, in milliseconds since the epoch. */
  readonly visibleAt: number;
  goneAt: number;
  old: OldFields | undefined;
  oldEvents: OldEvents | undefined;
}

export interface NewApp {
  readonly id?: string | undefined;
  readonly appType: AppType;
  readonly name?: string | undefined;
  readonly connectorId?: string | undefined;
}

export interface PageQuery {
  readonly appType: AppType | undefined;
  readonly after: number;
  readonly size: number;
}

export interface AccountDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly numbers: NumberIssuer;
  /** Read at each use, because switches can change while the sandbox runs. */
  readonly switches: () => Switches;
}

/** Random ranks carry the creation counter in their lower 21 bits, which keeps them unique and below 2^53. */
const RANK_COUNTER_SIZE = 2 ** 21;
const RANK_RANDOM_SIZE = 2 ** 31;

export class Account {
  readonly name: string;
  readonly #deps: AccountDeps;
  readonly #apps = new Map<string, StoredApp>();
  readonly #listing = new PageIndex<StoredApp>();
  readonly #normalNames = new Map<string, number>();
  readonly #byConnector = new Map<string, Set<StoredApp>>();
  readonly #subscribers = new Map<string, Set<StoredApp>>();
  /** Deleted apps that the listing still shows, in the order in which they leave it. */
  readonly #leaving: StoredApp[] = [];
  #created = 0;

  constructor(name: string, deps: AccountDeps) {
    this.name = name;
    this.#deps = deps;
  }

  get size(): number {
    return this.#apps.size;
  }

  find(id: string): StoredApp | undefined {
    return this.#apps.get(id);
  }

  /** All apps in creation order, whatever the listing shows. */
  apps(): IterableIterator<StoredApp> {
    return this.#apps.values();
  }

  hasNormalName(name: string): boolean {
    return this.#normalNames.has(name);
  }

  hasConnector(connectorId: string): boolean {
    return this.#byConnector.has(connectorId);
  }

  subscribersOf(eventType: string): readonly StoredApp[] {
    return [...(this.#subscribers.get(eventType) ?? [])];
  }

  create({ id, appType, name, connectorId }: NewApp): StoredApp {
    const { clock, numbers, switches } = this.#deps;
    const now = clock.now();
    this.#created += 1;
    const app: StoredApp = {
      id: id ?? numbers.appId(now),
      appType,
      connectorId,
      verifyToken: numbers.verifyToken(),
      createdAt: now,
      rank: this.#nextRank(),
      name,
      callbackUrl: undefined,
      events: new Set(),
      visibleAt: now + switches().appearLagMs,
      goneAt: Number.POSITIVE_INFINITY,
      old: undefined,
      oldEvents: undefined,
    };
    this.#apps.set(app.id, app);
    this.#listing.insert(app);
    this.#countName(app, 1);
    if (connectorId !== undefined) addTo(this.#byConnector, connectorId, app);
    return app;
  }

  update(app: StoredApp, fields: { readonly name?: string; readonly callbackUrl?: string | null }): void {
    const { clock, switches } = this.#deps;
    const lag = switches().updateLagMs;
    if (lag > 0) app.old = { name: app.name, callbackUrl: app.callbackUrl, until: clock.now() + lag };
    if (fields.name !== undefined) {
      this.#countName(app, -1);
      app.name = fields.name;
      this.#countName(app, 1);
    }
    if (fields.callbackUrl !== undefined) app.callbackUrl = fields.callbackUrl ?? undefined;
  }

  remove(app: StoredApp): void {
    const { clock, switches } = this.#deps;
    this.#apps.delete(app.id);
    this.#countName(app, -1);
    if (app.connectorId !== undefined) removeFrom(this.#byConnector, app.connectorId, app);
    for (const eventType of app.events) removeFrom(this.#subscribers, eventType, app);
    const lag = switches().disappearLagMs;
    app.goneAt = clock.now() + lag;
    if (lag > 0) this.#leaving.push(app);
    else this.#listing.remove(app);
  }

  subscribe(app: StoredApp, eventTypes: readonly string[]): void {
    this.#keepEvents(app);
    for (const eventType of eventTypes) {
      app.events.add(eventType);
      addTo(this.#subscribers, eventType, app);
    }
  }

  unsubscribe(app: StoredApp, eventTypes: readonly string[]): void {
    this.#keepEvents(app);
    for (const eventType of eventTypes) {
      app.events.delete(eventType);
      removeFrom(this.#subscribers, eventType, app);
    }
  }

  /** The page after a cursor, as the listing shows it now: possibly outdated, never an app twice. */
  cut({ appType, after, size }: PageQuery): Cut<StoredApp> {
    const now = this.#deps.clock.now();
    while ((this.#leaving[0]?.goneAt ?? Number.POSITIVE_INFINITY) <= now) {
      this.#listing.remove(this.#leaving.shift() as StoredApp);
    }
    const isOfType = (app: StoredApp) => appType === undefined || app.appType === appType;
    const isVisible = (app: StoredApp) => app.visibleAt <= now && now < app.goneAt && isOfType(app);
    return this.#listing.cut({ after, size, isVisible });
  }

  /** For as long as they lag. */
  #keepEvents(app: StoredApp): void {
    const { clock, switches } = this.#deps;
    const lag = switches().eventsLagMs;
    if (lag > 0) app.oldEvents = { events: [...app.events], until: clock.now() + lag };
  }

  #countName(app: StoredApp, step: 1 | -1): void {
    if (app.appType !== 'normal' || app.name === undefined) return;
    const count = (this.#normalNames.get(app.name) ?? 0) + step;
    if (count > 0) this.#normalNames.set(app.name, count);
    else this.#normalNames.delete(app.name);
  }

  #nextRank(): number {
    switch (this.#deps.switches().listOrder) {
      case 'creation':
        return this.#created;
      case 'newest':
        return -this.#created;
      case 'random':
        return Math.floor(this.#deps.random() * RANK_RANDOM_SIZE) * RANK_COUNTER_SIZE + this.#created;
    }
  }
}

function addTo(index: Map<string, Set<StoredApp>>, key: string, app: StoredApp): void {
  const apps = index.get(key);
  if (apps === undefined) index.set(key, new Set([app]));
  else apps.add(app);
}

function removeFrom(index: Map<string, Set<StoredApp>>, key: string, app: StoredApp): void {
  const apps = index.get(key);
  apps?.delete(app);
  if (apps?.size === 0) index.delete(key);
}

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

/**
 * Apps cut into pages behind a cursor. A cursor names a rank, not a position, so that apps created or
 * deleted between two pages neither repeat nor hide others. Sorted by rank. A flat array: inserting at the
 * front of 10,000 moves 80 KB, a few microseconds.
 */
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
