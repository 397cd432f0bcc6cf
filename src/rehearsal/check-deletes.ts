/**
 * G2, G3, G4 and G8 for deletes: only owned apps, on two listings that agree, after the grace period, within
 * the limits, and never because the file is broken.
 */

import { message } from '../messages/message.ts';
import type { OwnedApp, State } from '../model/state.ts';
import { type CheckContext, idIn, isDelete, isStray } from './check-context.ts';
import { type Exchange, isMarked } from './network.ts';
import type { Rules } from './scenario.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A delete is recorded a moment before it is sent. */
const COUNTED_BEFORE_MS = 30_000;

/** Reading the file, and the round under way when it changes. */
const READING_MS = 5_000;
const DEBOUNCE_MS = 5_000;
const TIMEOUT_MS = 15_000;

/** How long the daemon may act on the previous file: the debounce, and a slow request that is sent again. */
function noticedMs({ debounce, timeoutMs }: Rules): number {
  const resent = timeoutMs > TIMEOUT_MS ? 4 * timeoutMs : 0;
  return (debounce?.maxWaitMs ?? DEBOUNCE_MS) + READING_MS + resent;
}

/** Call when a request is sent. */
export function checkDelete(context: CheckContext, exchange: Exchange): void {
  const state = context.state();
  if (!isDelete(exchange) || state === undefined) return;
  const id = idIn(exchange);
  const deletion = { request: exchange.ordinal, id };
  const owner = [...state.apps.values()].find((app) => app.id === id || app.replaces === id);
  if (owner === undefined && isUnusedStray(context, state, id)) {
    context.strayDeletes.add(exchange);
  } else if (owner === undefined && context.scenario.rules.prune !== 'all') {
    context.violate('G2', message('rehearsal.delete_not_owned', deletion));
  }
  if (owner !== undefined) checkOrphan(context, owner, deletion);
  checkListings(context, exchange, deletion);
  checkLimits(context, exchange, deletion);
  checkFile(context, exchange, deletion);
  checkProtection(context, state, deletion);
}

interface Deletion {
  readonly request: number;
  readonly id: string;
}

function checkOrphan(context: CheckContext, owner: OwnedApp, deletion: Deletion): void {
  const isReplaced = owner.replaces === deletion.id;
  if (isReplaced) return;
  const { operator, scenario } = context;
  const gone = operator.goneSince(owner.key);
  if (operator.entries.has(owner.key)) {
    const appeared = operator.appearedAt(owner.key) ?? 0;
    if (context.now() - appeared > noticedMs(scenario.rules))
      context.violate('G3', message('rehearsal.delete_wanted', deletion));
    return;
  }
  if (gone === undefined) {
    context.violate('G3', message('rehearsal.delete_never_listed', deletion));
    return;
  }
  const passed = context.now() - gone;
  if (passed < scenario.rules.deleteGraceMs) {
    context.violate(
      'G3',
      message('rehearsal.delete_in_grace', {
        ...deletion,
        passedMs: passed,
        graceMs: scenario.rules.deleteGraceMs,
      }),
    );
  }
}

function checkListings(context: CheckContext, exchange: Exchange, deletion: Deletion): void {
  const from = context.roundStartedAt(exchange.instance);
  if (from === undefined) {
    context.violate('G3', message('rehearsal.delete_outside_round', deletion));
    return;
  }
  const [first, second] = context.passes
    .of(exchange.instance)
    .filter((pass) => pass.startedAt >= from)
    .slice(-2);
  if (first === undefined || second === undefined) {
    context.violate('G3', message('rehearsal.delete_without_listings', deletion));
    return;
  }
  const agrees =
    first.apps.size === second.apps.size && [...first.apps.keys()].every((app) => second.apps.has(app));
  if (!agrees) {
    context.violate('G3', message('rehearsal.delete_listings_disagree', deletion));
    return;
  }
  if (!second.apps.has(deletion.id))
    context.violate('G3', message('rehearsal.delete_not_on_listing', deletion));
}

/** A stray may be deleted while nobody gave it a receiver or subscriptions. */
function isUnusedStray(context: CheckContext, state: State, id: string): boolean {
  const app = context.sandbox.apps().find((each) => each.id === id);
  if (app === undefined)
    return context.creates.some(({ asked, created }) => isMarked(asked) && created.includes(id));
  return isStray(state, app) && app.callbackUrl === undefined && app.events.length === 0;
}

function checkLimits(context: CheckContext, exchange: Exchange, deletion: Deletion): void {
  const { rules } = context.scenario;
  const now = context.now();
  const since = (from: number) => {
    const sent = context.exchanges.filter(
      (other) => isDelete(other) && other.networkFault !== 'not_sent' && !context.strayDeletes.has(other),
    );
    return new Set(sent.filter((other) => other.sentAt >= from).map(idIn)).size;
  };
  const perRound = since(context.roundStartedAt(exchange.instance) ?? now);
  if (perRound > rules.deletesPerRound) {
    context.violate(
      'G4',
      message('rehearsal.deletes_per_round', {
        ...deletion,
        deletes: perRound,
        limit: rules.deletesPerRound,
      }),
    );
  }
  const perDay = since(now - DAY_MS + COUNTED_BEFORE_MS);
  if (perDay > rules.deletesPerDay) {
    context.violate(
      'G4',
      message('rehearsal.deletes_per_day', { ...deletion, deletes: perDay, limit: rules.deletesPerDay }),
    );
  }
}

function checkFile(context: CheckContext, exchange: Exchange, deletion: Deletion): void {
  const { brokenSince, condition } = context.operator;
  const roundStartedAt = context.roundStartedAt(exchange.instance) ?? context.now();
  if (brokenSince !== undefined && brokenSince + noticedMs(context.scenario.rules) < roundStartedAt) {
    context.violate('G8', message('rehearsal.delete_file_broken', { ...deletion, condition }));
  }
}

function checkProtection(context: CheckContext, state: State, deletion: Deletion): void {
  const owner = [...state.apps.values()].find((app) => app.id === deletion.id);
  const remembered = owner === undefined ? undefined : context.operator.remembered.get(owner.key);
  if (remembered?.protect === true && owner?.replaces !== deletion.id)
    context.violate('G2', message('rehearsal.delete_protected', deletion));
}
