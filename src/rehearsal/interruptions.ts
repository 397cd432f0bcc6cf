/**
 * What comes between a plan and its writes: the daemon stands still, the clock is set, the operator's file breaks or
 * names an entry again in the middle of a round.
 */

import { isDelete } from './check-context.ts';
import type { Exchange } from './network.ts';
import type { ProcessInstance } from './process-instance.ts';
import type { FileEdit } from './scenario.ts';
import type { World } from './world.ts';

/** Call when a request was sent and checked. */
export function interrupt(world: World, exchange: Exchange): void {
  if (exchange.instance !== world.instance || !isFaultPhase(world)) return;
  if (isDelete(exchange)) amidDeletes(world);
  const isFirstPage = exchange.path === '/v1/api_apps' && !exchange.query.includes('page_token');
  const [edit, ...rest] = world.restlessEdits;
  if (exchange.method !== 'GET' || !isFirstPage || edit === undefined) return;
  world.restlessEdits = rest;
  world.slowListing = exchange.ordinal;
  editFile(world, edit);
}

function amidDeletes(world: World): void {
  world.deletesSent += 1;
  for (const fault of world.scenario.faultPlan) {
    if (fault.kind !== 'amid_deletes' || fault.deletes !== world.deletesSent) continue;
    if (fault.edit !== undefined) editFile(world, fault.edit);
    if (fault.pause !== undefined) world.pausesDue.push(fault.pause);
  }
}

/** Call when something arrives at the daemon, which may find that it does not run. */
export function pauseOnArrival(world: World, instance: ProcessInstance): void {
  if (!isFaultPhase(world)) return;
  for (const fault of world.scenario.faultPlan) {
    if (fault.kind !== 'pause' || fault.step > world.steps || world.spent.has(fault)) continue;
    world.spent.add(fault);
    world.pausesDue.push(fault.pause);
  }
  const place = world.pausesDue.findIndex(({ inLook }) => inLook !== true || instance.isLooking());
  const [pause] = place < 0 ? [] : world.pausesDue.splice(place, 1);
  if (pause === undefined) return;
  world.options.trace?.(`${world.clock.monotonic()} stands still: ${JSON.stringify(pause)}`);
  instance.pause(pause.forMs, pause.isSuspended);
}

export function editFile(world: World, edit: FileEdit): void {
  world.options.trace?.(`${world.clock.monotonic()} the operator: ${JSON.stringify(edit)}`);
  world.operator.edit(edit);
}

export function setClock({ clock, host, options }: World, byMs: number): void {
  options.trace?.(`${clock.monotonic()} the wall clock is set by ${byMs} ms`);
  host.aheadMs += byMs;
}

function isFaultPhase({ clock, scenario }: World): boolean {
  return clock.monotonic() <= scenario.faultsEndAt;
}
