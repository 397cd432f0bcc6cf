/**
 * The complete listings each process saw, reconstructed from the delivered replies by the rules of the API,
 * independently of production code.
 */

import type { Exchange } from './network.ts';
import type { ProcessInstance } from './process-instance.ts';

interface ListedApp {
  readonly id: string;
  readonly app_type: string;
  readonly name?: string;
  readonly connector_id?: string;
}

/** One complete listing, as one process saw it. */
interface Pass {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly apps: ReadonlyMap<string, ListedApp>;
}

export interface ListingPasses {
  read(exchange: Exchange): void;
  /** The latest complete listings of that process, oldest first. */
  of(instance: ProcessInstance): readonly Pass[];
  /** The latest complete listings of all processes, oldest first. */
  readonly latest: readonly Pass[];
}

/** The checks need the last few. */
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
  const passes = new Map<ProcessInstance, Pass[]>();
  let latest: readonly Pass[] = [];
  const walks = new Map<ProcessInstance, Walk>();
  return {
    of: (instance) => passes.get(instance) ?? [],
    get latest() {
      return latest;
    },
    read(exchange) {
      if (exchange.method !== 'GET' || exchange.path !== '/v1/api_apps') return;
      const page = parsePage(exchange);
      if (page === undefined) return;
      const { instance } = exchange;
      const token = new URLSearchParams(exchange.query).get('page_token') ?? '';
      const walk =
        token === '' ? { startedAt: exchange.sentAt, apps: new Map(), nextToken: '' } : walks.get(instance);
      if (walk === undefined || walk.nextToken !== token) return;
      for (const app of page.items ?? []) walk.apps.set(app.id, app);
      walks.delete(instance);
      if (page.has_more === true) {
        walk.nextToken = page.next_page_token ?? '';
        if (walk.nextToken !== '') walks.set(instance, walk);
        return;
      }
      const pass = { startedAt: walk.startedAt, endedAt: exchange.end?.at ?? 0, apps: walk.apps };
      passes.set(instance, [...(passes.get(instance) ?? []).slice(1 - KEPT), pass]);
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
