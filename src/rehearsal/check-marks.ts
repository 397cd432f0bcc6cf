/**
 * G1, G2 and G10 around marks and our own writes: a mark of another lineage is left alone and holds its entry,
 * a stray is never adopted and does not stay, and no write is repeated while its listing may lag.
 */

import { type Message, message } from '../messages/message.ts';
import { cutName, parseMarkedName, tagOf } from '../model/mark.ts';
import type { Plan } from '../model/plan.ts';
import type { State, StateChange } from '../model/state.ts';
import type { AppView } from '../sandbox/console-edits.ts';
import { type CheckContext, hidesApps, idIn, isStray, readCode } from './check-context.ts';
import { type Exchange, isMarked } from './network.ts';

/** As the plan holds a create for another writer at most. */
const OTHER_WRITER_MS = 10 * 60 * 1000;

/** Call when a request is sent. */
export function checkMarks(context: CheckContext, exchange: Exchange): void {
  if (exchange.method === 'GET') return;
  if (exchange.asked !== undefined) checkOtherWriter(context, exchange, exchange.asked);
  else if (exchange.path !== '/v1/api_apps') checkForeign(context, exchange);
}

/** No create of a name that every listing of its round shows under a young mark of another lineage. */
function checkOtherWriter(
  context: CheckContext,
  exchange: Exchange,
  asked: NonNullable<Exchange['asked']>,
): void {
  const state = context.state();
  const from = context.roundStartedAt(exchange.instance);
  if (asked.app_type !== 'normal' || asked.name === undefined || state === undefined || from === undefined)
    return;
  const base = cutName(parseMarkedName(asked.name)?.base ?? asked.name);
  const passes = context.passes.of(exchange.instance).filter((pass) => pass.startedAt >= from);
  const rival = context.sandbox.apps().find((app) => {
    const isYoung = context.now() - app.createdAt < OTHER_WRITER_MS;
    return (
      isYoung && passes.length > 0 && passes.every(({ apps }) => isForeign(state, apps.get(app.id), base))
    );
  });
  if (rival === undefined) return;
  const given = { request: exchange.ordinal, name: base, id: rival.id };
  context.violate('G1', message('rehearsal.created_beside_other', given));
}

function isForeign(state: State, app: { readonly name?: string } | undefined, base: string): boolean {
  const marked = parseMarkedName(app?.name ?? '');
  return marked !== undefined && marked.base === base && marked.mark.tag !== tagOf(state.lineage);
}

/** Nothing is written to an app that carries the mark of another lineage. */
function checkForeign(context: CheckContext, exchange: Exchange): void {
  const state = context.state();
  const id = idIn(exchange);
  const app = context.sandbox.apps().find((each) => each.id === id);
  const mark = app?.appType === 'normal' ? parseMarkedName(app.name ?? '')?.mark : undefined;
  if (state === undefined || mark === undefined || mark.tag === tagOf(state.lineage)) return;
  context.violate('G2', message('rehearsal.foreign_touched', { request: exchange.ordinal, id }));
}

/** Call before a change of the state is recorded. */
export function checkAdoption(context: CheckContext, state: State, change: StateChange): void {
  if (change.type !== 'app_bound') return;
  const app = context.sandbox.apps().find((each) => each.id === change.app.id);
  if (app === undefined || !isStray(state, app)) return;
  context.violate('G1', message('rehearsal.stray_adopted', { id: app.id, key: change.app.key }));
}

/**
 * Call when a request is sent. A write that the same process sent before, with success and less than the
 * settle time ago, is not sent again while the account is as it left it.
 */
export function checkRepeat(context: CheckContext, exchange: Exchange): void {
  const isWrite = exchange.method !== 'GET' && exchange.asked === undefined && exchange.body !== '';
  if (!isWrite || context.scenario.faultPlan.some(({ kind }) => kind === 'disk')) return;
  const { settleMs } = context.scenario.rules;
  const earlier = context.exchanges.findLast(
    (other) => other !== exchange && other.path === exchange.path && other.method !== 'GET',
  );
  if (earlier?.end?.reply === undefined || readCode(earlier.end.reply.body) !== 0) return;
  const isSame =
    earlier.instance === exchange.instance &&
    earlier.method === exchange.method &&
    earlier.body === exchange.body;
  if (!isSame || exchange.sentAt >= earlier.end.at + settleMs || !stands(context, exchange)) return;
  const { ordinal, method, path } = exchange;
  const given = { request: ordinal, method, path, earlier: earlier.ordinal };
  context.violate('G10', message('rehearsal.written_again', given));
}

/** Whether the account already is what the request asks for. */
function stands(context: CheckContext, exchange: Exchange): boolean {
  const app = context.sandbox.apps().find((each) => each.id === idIn(exchange));
  if (app === undefined) return false;
  const { name, callback_url, event_types } = JSON.parse(exchange.body) as {
    readonly name?: string;
    readonly callback_url?: string;
    readonly event_types?: readonly string[];
  };
  if (event_types !== undefined) {
    return event_types.every((event) => app.events.includes(event) === (exchange.method === 'POST'));
  }
  const isNamed = name === undefined || name === app.name;
  return isNamed && (callback_url === undefined || callback_url === app.callbackUrl);
}

/** When everything has converged, no app that we made under a mark is left over, unless a person is asked. */
export function findStraysLeft(context: CheckContext, state: State, plan: Plan): readonly Message[] {
  const owned = new Set([...state.apps.values()].flatMap(({ id, replaces }) => [id, replaces]));
  const apps = new Map(context.sandbox.apps().map((app) => [app.id, app]));
  const told = new Set(plan.withheld.map(({ id }) => id as string | null));
  return context.creates
    .filter(({ asked }) => isMarked(asked))
    .flatMap((exchange) =>
      exchange.created.flatMap((id) => {
        const app = apps.get(id);
        if (app === undefined || owned.has(app.id as never)) return [];
        const isLeft = isStray(state, app) ? !isExcused(context, app, told) : isLost(context, app, exchange);
        return isLeft ? [message('rehearsal.stray_left', { id, request: exchange.ordinal })] : [];
      }),
    );
}

/** Somebody uses it and is asked; or a proxy made it, which no create allows for. */
function isExcused(context: CheckContext, app: AppView, told: ReadonlySet<string | null>): boolean {
  if (hidesApps(context)) return true;
  if (!told.has(app.id)) return false;
  const isUsed = app.callbackUrl !== undefined || app.events.length > 0;
  return isUsed || context.exchanges.some(({ networkFault }) => networkFault === 'duplicated');
}

/** It has its real name, so it was ours, and nobody let go of it. */
function isLost(context: CheckContext, app: AppView, { asked }: Exchange): boolean {
  const base = parseMarkedName(asked?.name ?? '')?.base;
  const isNamed = app.name !== undefined && cutName(app.name) === base;
  return isNamed && !hidesApps(context) && !context.released().has(app.id);
}
