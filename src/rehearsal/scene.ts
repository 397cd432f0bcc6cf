/** What the watchers of the promises may look at: the true facts of the world, from all sides at once. */

import type { PromiseName } from '../model/promise.ts';
import type { State } from '../model/state.ts';
import type { AppView } from '../sandbox/console-edits.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Life } from './life.ts';
import type { ListingPasses } from './listing-passes.ts';
import type { Exchange } from './network.ts';
import type { Operator } from './operator.ts';
import type { Story } from './story.ts';

export interface Scene {
  readonly story: Story;
  readonly now: () => number;
  readonly operator: Operator;
  readonly sandbox: Sandbox;
  readonly passes: ListingPasses;
  /** The verify_token that receivers find for each key. */
  readonly deliveredTokens: () => ReadonlyMap<string, string>;
  readonly exchanges: readonly Exchange[];
  /** Those of them that create. */
  readonly creates: readonly Exchange[];
  /** What the living process has recorded; undefined while there is none. */
  readonly state: () => State | undefined;
  /** When the round began that is running in that process. */
  readonly roundStartedAt: (life: Life) => number | undefined;
  /** When that process ended; undefined while it lives. */
  readonly endedAt: (life: Life) => number | undefined;
  /** Ids that the state held at some time. */
  readonly everBound: () => ReadonlySet<string>;
  /** Ids that the state let go of on purpose. */
  readonly released: () => ReadonlySet<string>;
  readonly violate: (promise: PromiseName, message: string) => void;
}

export function isDelete(exchange: Exchange): boolean {
  return exchange.method === 'DELETE' && !exchange.path.endsWith('/events');
}

export function idIn(exchange: Exchange): string {
  return exchange.path.split('/')[3] ?? '';
}

/** What a create asked for makes it look like. */
export function identityAsked({ asked }: Exchange): string {
  return identityOf(asked ?? { app_type: '' });
}

/** What makes two apps look the same: the channel, or the name of a normal app. */
export function identityOf(app: {
  readonly app_type: string;
  readonly name?: string | undefined;
  readonly connector_id?: string | undefined;
}): string {
  return app.app_type === 'connector' ? `connector ${app.connector_id}` : `normal ${app.name}`;
}

export function identityOfApp({ appType, name, connectorId }: AppView): string {
  return identityOf({ app_type: appType, name, connector_id: connectorId });
}

/** Whether the client was told that the app was made. */
export function isKnownToBeMade({ end }: Exchange): boolean {
  return end?.reply !== undefined && readCode(end.reply.body) === 0;
}

/** The `code` of a reply; undefined where it has none. */
export function readCode(body: string): number | undefined {
  try {
    const { code } = JSON.parse(body) as { readonly code?: number | string };
    return code === undefined ? undefined : Number(code);
  } catch {
    return undefined;
  }
}

/** Whether the platform hides apps in this story. Then nobody can know better than the listing about a create without an id. */
export function isHiding({ story }: Scene): boolean {
  return story.incidents.some((it) => it.kind === 'listing' && HIDING.includes(it.fault.kind));
}

const HIDING = ['skip_item', 'hide_items', 'early_end'];

/** Ids that are ours because we asked for them. Of a request that was delivered twice only the last one is. */
export function idsMadeByUs(creates: readonly Exchange[]): ReadonlySet<string> {
  return new Set(creates.flatMap((exchange) => exchange.created.slice(-1)));
}
