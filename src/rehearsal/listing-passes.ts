/**
 * Follows what each process saw of the listing: which passes reached the end, when they began, and what was on them.
 * It reads the replies that were delivered, by the rules of the API and by none of our own code.
 */

import type { Life } from './life.ts';
import type { Exchange } from './network.ts';

interface ListedApp {
  readonly id: string;
  readonly app_type: string;
  readonly name?: string;
  readonly connector_id?: string;
}

/** One complete pass, as one process saw it. */
interface Pass {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly apps: ReadonlyMap<string, ListedApp>;
}

export interface ListingPasses {
  read(exchange: Exchange): void;
  /** The latest complete passes of that process, oldest first. */
  of(life: Life): readonly Pass[];
  /** The latest complete passes of all processes, oldest first: what one proved, the next may build on. */
  readonly latest: readonly Pass[];
}

/** Promises are about the last few. */
const KEPT = 8;

interface Walk {
  readonly startedAt: number;
  readonly apps: Map<string, ListedApp>;
  nextToken: string;
}

interface ListReply {
  readonly code?: number | string;
  readonly data?: {
    readonly items?: readonly ListedApp[] | null;
    readonly has_more?: boolean;
    readonly next_page_token?: string;
  } | null;
}

export function createListingPasses(): ListingPasses {
  const passes = new Map<Life, Pass[]>();
  let latest: readonly Pass[] = [];
  const walks = new Map<Life, Walk>();
  return {
    of: (life) => passes.get(life) ?? [],
    get latest() {
      return latest;
    },
    read(exchange) {
      if (exchange.method !== 'GET' || exchange.path !== '/v1/api_apps') return;
      const page = parsePage(exchange);
      if (page === undefined) return;
      const { life } = exchange;
      const token = new URLSearchParams(exchange.query).get('page_token') ?? '';
      const walk =
        token === '' ? { startedAt: exchange.sentAt, apps: new Map(), nextToken: '' } : walks.get(life);
      if (walk === undefined || walk.nextToken !== token) return;
      for (const app of page.items ?? []) walk.apps.set(app.id, app);
      walks.delete(life);
      if (page.has_more === true) {
        walk.nextToken = page.next_page_token ?? '';
        if (walk.nextToken !== '') walks.set(life, walk);
        return;
      }
      const pass = { startedAt: walk.startedAt, endedAt: exchange.end?.at ?? 0, apps: walk.apps };
      passes.set(life, [...(passes.get(life) ?? []).slice(1 - KEPT), pass]);
      latest = [...latest.slice(1 - KEPT), pass];
    },
  };
}

function parsePage({ end }: Exchange): NonNullable<ListReply['data']> | undefined {
  if (end?.reply === undefined || end.reply.status !== 200) return undefined;
  try {
    const { code, data } = JSON.parse(end.reply.body) as ListReply;
    return Number(code) === 0 ? (data ?? {}) : undefined;
  } catch {
    return undefined;
  }
}
