/** The ground truth that the checks of the promises use: platform, network, operator and state at once. */

import type { Message } from '../messages/message.ts';
import { parseMarkedName, tagOf } from '../model/mark.ts';
import type { PromiseName } from '../model/promise.ts';
import type { State } from '../model/state.ts';
import type { AppView } from '../sandbox/console-edits.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ListingPasses } from './listing-passes.ts';
import type { Exchange } from './network.ts';
import type { Operator } from './operator.ts';
import type { ProcessInstance } from './process-instance.ts';
import type { Scenario } from './scenario.ts';

export interface CheckContext {
  readonly scenario: Scenario;
  readonly now: () => number;
  readonly operator: Operator;
  readonly sandbox: Sandbox;
  readonly passes: ListingPasses;
  /** The verify_token in the token sink, by key. */
  readonly deliveredTokens: () => ReadonlyMap<string, string>;
  readonly exchanges: readonly Exchange[];
  /** The creates among them. */
  readonly creates: readonly Exchange[];
  /** When each open create with a mark was first seen in the state, by its nonce. */
  readonly intentsSeen: Map<string, { readonly identity: string; readonly at: number }>;
  /** The recorded state of the running daemon; undefined while there is none. */
  readonly state: () => State | undefined;
  /** When the current round of that process began. */
  readonly roundStartedAt: (instance: ProcessInstance) => number | undefined;
  /** When that process ended; undefined while it runs. */
  readonly endedAt: (instance: ProcessInstance) => number | undefined;
  /** Ids that were ever recorded. */
  readonly everBound: () => ReadonlySet<string>;
  /** Ids that were forgotten or deleted on purpose. */
  readonly released: () => ReadonlySet<string>;
  /** Deletes of strays, which have a limit of their own. */
  readonly strayDeletes: Set<Exchange>;
  /** Why the daemon acts on no other files at present, by its own account: they are invalid or held. */
  readonly filesRefused: () => string | undefined;
  /** When a delete first met that. */
  readonly refusedAt: Map<string, number>;
  readonly violate: (promise: PromiseName, message: Message) => void;
}

export function isDelete(exchange: Exchange): boolean {
  return exchange.method === 'DELETE' && !exchange.path.endsWith('/events');
}

export function idIn(exchange: Exchange): string {
  return exchange.path.split('/')[3] ?? '';
}

/** The identity that a create asked for. */
export function identityAsked({ asked }: Exchange): string {
  return identityOf(asked ?? { app_type: '' });
}

/** By what apps are matched: the channel, or the name of a normal app without its mark. */
export function identityOf(app: {
  readonly app_type: string;
  readonly name?: string | undefined;
  readonly connector_id?: string | undefined;
}): string {
  if (app.app_type === 'connector') return `connector ${app.connector_id}`;
  return `normal ${parseMarkedName(app.name ?? '')?.base ?? app.name}`;
}

/** Whether the name carries a mark of this state that no open create claims. */
export function isStray(state: State, app: Pick<AppView, 'id' | 'appType' | 'name'>): boolean {
  const mark = app.appType === 'normal' ? parseMarkedName(app.name ?? '')?.mark : undefined;
  if (mark === undefined || mark.tag !== tagOf(state.lineage)) return false;
  const isOwned = [...state.apps.values()].some((owned) => owned.id === app.id);
  return !isOwned && ![...state.intents.values()].some((intent) => intent.nonce === mark.nonce);
}

export function identityOfApp({ appType, name, connectorId }: AppView): string {
  return identityOf({ app_type: appType, name, connector_id: connectorId });
}

/** Whether the client received the confirmation of the create. */
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

/**
 * Whether the platform hides apps from the listing in this scenario, so that a create without a reply cannot
 * be found.
 */
export function hidesApps({ scenario }: CheckContext): boolean {
  return scenario.faultPlan.some((it) => it.kind === 'listing' && HIDING.includes(it.fault.kind));
}

const HIDING = ['skip_item', 'hide_items', 'early_end'];

/** Ids that our creates made. Of a request that was delivered twice only the last one counts. */
export function idsMadeByUs(creates: readonly Exchange[]): ReadonlySet<string> {
  return new Set(creates.flatMap((exchange) => exchange.created.slice(-1)));
}
