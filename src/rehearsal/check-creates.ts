/**
 * G1: no second create for an entry without complete listings that prove the first did not happen. Each
 * create is compared with every earlier one of the same identity, and each new app with the true account.
 */

import { type Message, message } from '../messages/message.ts';
import { parseMarkedName } from '../model/mark.ts';
import {
  type CheckContext,
  hidesApps,
  identityAsked,
  identityOf,
  idsMadeByUs,
  isKnownToBeMade,
  isStray,
  readCode,
} from './check-context.ts';
import type { Exchange } from './network.ts';

/** Call when a request is sent, before it is checked. */
export function noteIntents({ state, intentsSeen, now }: CheckContext): void {
  for (const { nonce, appType, name, connectorId } of state()?.intents.values() ?? []) {
    if (nonce === undefined || intentsSeen.has(nonce)) continue;
    const identity = identityOf({ app_type: appType, name, connector_id: connectorId });
    intentsSeen.set(nonce, { identity, at: now() });
  }
}

/** Call when a request is sent. */
export function checkCreate(context: CheckContext, exchange: Exchange): void {
  if (exchange.asked === undefined) return;
  const identity = identityAsked(exchange);
  const sameIdentity = context.creates.filter((other) => identityAsked(other) === identity);
  // What was given up before, on proof of its own, may show up late as a stray.
  const previous = sameIdentity.filter((other) => other !== exchange).at(-1);
  for (const earlier of context.creates) {
    if (earlier === exchange || earlier.networkFault === 'not_sent') continue;
    if (identityAsked(earlier) !== identity || wasSurelyRefused(earlier)) continue;
    const problem = findMissingProof(context, earlier, { exchange, isGivenUp: earlier !== previous });
    if (problem !== undefined) {
      context.violate(
        'G1',
        message('rehearsal.created_again', {
          request: exchange.ordinal,
          identity,
          earlier: earlier.ordinal,
          problem,
        }),
      );
    }
  }
}

/** Call when a request was processed, whatever happened to its reply. */
export function checkDuplicates(context: CheckContext, exchange: Exchange): void {
  if (exchange.created.length === 0) return;
  const made = exchange.created.at(-1);
  const state = context.state();
  const apps = context.sandbox.apps();
  const isLate = apps.some((app) => app.id === made && state !== undefined && isStray(state, app));
  if (isLate || exchange.networkFault === 'processed_very_late') return;
  const identity = identityAsked(exchange);
  const others = context.creates.filter(
    (other) => other !== exchange && other.networkFault !== 'processed_very_late',
  );
  const ours = hidesApps(context) ? context.everBound() : idsMadeByUs(others);
  const intent = [...(context.state()?.intents.values() ?? [])].find(
    (open) =>
      identityOf({ app_type: open.appType, name: open.name, connector_id: open.connectorId }) === identity,
  );
  for (const app of apps) {
    if (state !== undefined && isStray(state, app)) continue;
    const isAlike =
      identityOf({ app_type: app.appType, name: app.name, connector_id: app.connectorId }) === identity;
    if (app.id === made || !ours.has(app.id) || !isAlike) continue;
    const owner = [...(context.state()?.apps.values() ?? [])].find((owned) => owned.id === app.id);
    const belongsToAnother = owner !== undefined && intent !== undefined && owner.key !== intent.key;
    if (!belongsToAnother) {
      const duplicate = { request: exchange.ordinal, made: made ?? '', of: app.id, identity };
      context.violate('G1', message('rehearsal.duplicate', duplicate));
    }
  }
}

/** A definite refusal, and nothing was created; what a proxy delivered before the refused one does not count. */
function wasSurelyRefused({ end, created, networkFault }: Exchange): boolean {
  if (end?.reply === undefined || (created.length > 0 && networkFault !== 'duplicated')) return false;
  const code = readCode(end.reply.body);
  return end.reply.status < 500 && code !== undefined && code !== 0 && code !== 5000;
}

/** When the next create of the same was recorded, whose POST a full disk or a crash may have kept back. */
function findGivenUpAt({ intentsSeen }: CheckContext, earlier: Exchange): number {
  const nonce = parseMarkedName(earlier.asked?.name ?? '')?.mark.nonce;
  if (nonce === undefined) return Number.POSITIVE_INFINITY;
  const identity = identityAsked(earlier);
  const later = [...intentsSeen].filter(
    ([other, seen]) => other !== nonce && seen.identity === identity && seen.at > earlier.sentAt,
  );
  return Math.min(...later.map(([, { at }]) => at));
}

function findMissingProof(
  context: CheckContext,
  earlier: Exchange,
  { exchange, isGivenUp }: { readonly exchange: Exchange; readonly isGivenUp: boolean },
): Message | undefined {
  const endedAt = earlier.end?.at ?? context.endedAt(earlier.instance);
  if (endedAt === undefined) return message('rehearsal.first_under_way');
  const isKnown = isKnownToBeMade(earlier);
  const from = endedAt + (isKnown ? 0 : context.scenario.rules.settleMs);
  const passes = context.passes.latest.filter((pass) => pass.startedAt >= from);
  if (passes.length < (isKnown ? 1 : 2)) {
    const listings = passes.length;
    return isKnown
      ? message('rehearsal.too_few_listings_since_end', { listings })
      : message('rehearsal.too_few_listings_since_settle', { listings });
  }
  if (isGivenUp) return undefined;
  const state = context.state();
  const owned = new Set([...(state?.apps.values() ?? [])].map((app) => app.id as string));
  const identity = identityAsked(exchange);
  const givenUpAt = findGivenUpAt(context, earlier);
  const proof = passes.filter((pass) => pass.startedAt < givenUpAt);
  for (const pass of (proof.length < 2 ? passes : proof).slice(-2)) {
    for (const id of earlier.created) {
      const listed = pass.apps.get(id);
      const isLeft = owned.has(id) || context.released().has(id);
      if (listed !== undefined && identityOf(listed) === identity && !isLeft) {
        return message('rehearsal.listing_showed_app', { id });
      }
    }
  }
  return undefined;
}
