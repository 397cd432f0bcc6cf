/**
 * G2, G3, G4 and G8 for deletes: only owned apps, on two listings that agree and that no standstill has made old,
 * after the grace period, within the limits, and never while the file names the entry, is broken, absent or held.
 * Time is the time that passed, whatever the clocks of the processes say.
 */

import { message } from '../messages/message.ts';
import type { OwnedApp, State } from '../model/state.ts';
import { type CheckContext, idIn, isDelete, isStray } from './check-context.ts';
import { type Exchange, isMarked } from './network.ts';
import type { ProcessInstance } from './process-instance.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A delete is recorded a moment before it is sent. */
const COUNTED_BEFORE_MS = 30_000;

/** How old a look at the files may be. */
const LOOK_MS = 1_000;
/** How long a process may stand still and delete by what it knew before; a starved one up to the second figure. */
const PATIENCE_MS = 5_000;
const PATIENCE_MS_MAX = 60_000;
/** A process that was stopped notices that by its timers, which are this far apart. */
const BEAT_MS = 1_000;

/** The patience of the daemon: twice that of the time before, from its third standstill on. */
function patienceMs({ scenario }: CheckContext, { pauses }: ProcessInstance): number {
  const steps = scenario.faultPlan.filter(({ kind }) => kind === 'clock').length;
  const standstills = pauses.filter(({ from, to }) => to - from > PATIENCE_MS).length + steps;
  return Math.min(PATIENCE_MS_MAX, PATIENCE_MS * 2 ** Math.max(0, standstills - 2));
}

/** Whether the daemon must have seen what is so since then: only a standstill amid a look excuses more than a second. */
function mustKnow(context: CheckContext, instance: ProcessInstance, since: number): boolean {
  const patience = patienceMs(context, instance);
  const amidLooks = instance.pauses.filter(({ to, isInLook }) => isInLook && to > since);
  const excused = amidLooks.map(({ from, to }) => Math.min(to - from, patience));
  return context.now() - since > LOOK_MS + excused.reduce((sum, ms) => sum + ms, 0);
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
  if (owner !== undefined) checkOrphan(context, exchange, { owner, deletion });
  checkListings(context, exchange, deletion);
  checkLimits(context, exchange, deletion);
  checkFile(context, exchange, deletion);
  checkProtection(context, state, deletion);
}

interface Deletion {
  readonly request: number;
  readonly id: string;
}

function checkOrphan(
  context: CheckContext,
  { instance }: Exchange,
  { owner, deletion }: { readonly owner: OwnedApp; readonly deletion: Deletion },
): void {
  const isReplaced = owner.replaces === deletion.id;
  if (isReplaced) return;
  const { operator, scenario } = context;
  const gone = operator.goneSince(owner.key);
  if (operator.entries.has(owner.key)) {
    if (mustKnow(context, instance, operator.appearedAt(owner.key) ?? 0))
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
  checkStandstill(context, exchange.instance, { from: first.startedAt, deletion });
  if (!second.apps.has(deletion.id))
    context.violate('G3', message('rehearsal.delete_not_on_listing', deletion));
}

/** A process that stood still since its listings began lists again before it deletes. */
function checkStandstill(
  context: CheckContext,
  instance: ProcessInstance,
  { from, deletion }: { readonly from: number; readonly deletion: Deletion },
): void {
  const patience = patienceMs(context, instance) + BEAT_MS;
  const pause = instance.pauses.find((each) => each.from >= from && each.to - each.from > patience);
  if (pause === undefined) return;
  const stoodMs = pause.to - pause.from;
  context.violate('G3', message('rehearsal.delete_after_standstill', { ...deletion, stoodMs }));
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

function checkFile(context: CheckContext, { instance }: Exchange, deletion: Deletion): void {
  const { brokenSince, condition } = context.operator;
  if (brokenSince !== undefined && mustKnow(context, instance, brokenSince)) {
    context.violate('G8', message('rehearsal.delete_file_broken', { ...deletion, condition }));
  }
  const refused = context.filesRefused();
  if (refused === undefined) return;
  const knownAt = context.refusedAt.get(refused);
  if (knownAt === undefined) context.refusedAt.set(refused, context.now());
  else if (knownAt < context.now())
    context.violate('G8', message('rehearsal.delete_file_refused', { ...deletion }));
}

function checkProtection(context: CheckContext, state: State, deletion: Deletion): void {
  const owner = [...state.apps.values()].find((app) => app.id === deletion.id);
  const remembered = owner === undefined ? undefined : context.operator.remembered.get(owner.key);
  if (remembered?.protect === true && owner?.replaces !== deletion.id)
    context.violate('G2', message('rehearsal.delete_protected', deletion));
}
