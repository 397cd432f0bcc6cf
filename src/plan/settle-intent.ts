/** The result of a create with an unknown outcome, as far as a complete listing shows it. */

import type { AppId } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { CreateIntent } from '../model/state.ts';
import { findLookAlikes, type MatchContext } from './plan-context.ts';

export type Settlement =
  /** Exactly one app appeared that can only be the result. */
  | { readonly kind: 'found'; readonly app: ObservedApp }
  | { readonly kind: 'several'; readonly candidates: readonly ObservedApp[] }
  /** Too early to tell. `until` is unknown as long as the end of the request is. */
  | { readonly kind: 'settling'; readonly until: number | undefined }
  /** The settle time is over and nothing appeared. */
  | { readonly kind: 'absent' };

export function settleIntent(context: MatchContext, intent: CreateIntent): Settlement {
  const candidates = findNewApps(context, intent);
  const [first, second] = candidates;
  if (first !== undefined) {
    const isPlain = second === undefined && first.callbackUrl === undefined;
    return isPlain ? { kind: 'found', app: first } : { kind: 'several', candidates };
  }
  if (intent.endedAt === undefined) return { kind: 'settling', until: undefined };
  const until = intent.endedAt + context.input.policy.settleMs;
  return context.listedAt < until ? { kind: 'settling', until } : { kind: 'absent' };
}

/** Unowned look-alikes that were not there before the request. Sorted by id. */
export function findNewApps(context: MatchContext, intent: CreateIntent): readonly ObservedApp[] {
  const known = new Set<AppId>(intent.lookAlikes);
  return findLookAlikes(context, intent).filter((app) => !known.has(app.id) && !context.owners.has(app.id));
}
