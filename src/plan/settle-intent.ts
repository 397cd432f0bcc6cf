/** The result of a create with an unknown outcome, as far as a complete listing shows it. */

import { markName } from '../model/mark.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { CreateIntent } from '../model/state.ts';
import { findBeginnings } from './index-marks.ts';
import { findLookAlikes, type MatchContext } from './plan-context.ts';

export type Settlement =
  /** The app that the create made, by its mark or by its channel. */
  | { readonly kind: 'found'; readonly app: ObservedApp }
  /** Something appeared that may be the result, and nothing proves it. */
  | { readonly kind: 'unproven'; readonly candidates: readonly ObservedApp[] }
  /** Too early to tell. `until` is unknown as long as the end of the request is. */
  | { readonly kind: 'settling'; readonly until: number | undefined }
  /** The settle time is over and nothing appeared. */
  | { readonly kind: 'absent' };

export function settleIntent(context: MatchContext, intent: CreateIntent): Settlement {
  const marked = intent.nonce === undefined ? undefined : context.marks.byNonce.get(intent.nonce);
  if (marked !== undefined) return { kind: 'found', app: marked };
  const candidates = findAppeared(context, intent);
  const [app] = candidates;
  if (app !== undefined) {
    const isProven = candidates.length === 1 && isOnlyOfChannel(context, intent, app);
    return isProven ? { kind: 'found', app } : { kind: 'unproven', candidates };
  }
  if (intent.endedAt === undefined) return { kind: 'settling', until: undefined };
  const until = intent.endedAt + context.input.policy.settleMs;
  return context.listedAt < until ? { kind: 'settling', until } : { kind: 'absent' };
}

/** Unowned apps that were not there before the request and may be its result. Sorted by id. */
function findAppeared(context: MatchContext, intent: CreateIntent): readonly ObservedApp[] {
  const { owners, marks } = context;
  const known = new Set(intent.lookAlikes);
  const isNew = ({ id }: ObservedApp) => !known.has(id) && !owners.has(id);
  if (intent.nonce === undefined) return findLookAlikes(context, intent).filter(isNew);
  // Where the account shows marks as they were sent, an app without ours is not the result.
  if (marks.isShown) return [];
  const name = markName(intent.name ?? '', { tag: marks.tag, nonce: intent.nonce });
  return findBeginnings(marks, name).filter(isNew);
}

/** A connector app takes no name, so its channel must tell: no second create of it is open, nobody set a URL. */
function isOnlyOfChannel(context: MatchContext, intent: CreateIntent, app: ObservedApp): boolean {
  if (intent.appType !== 'connector' || app.callbackUrl !== undefined) return false;
  const { intents } = context.input.state;
  return [...intents.values()].every(
    (other) => other.key === intent.key || other.connectorId !== intent.connectorId,
  );
}
