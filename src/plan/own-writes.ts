/**
 * Interprets a listing right after our own writes. It may lag, so during the settle time old values prove
 * nothing: a field counts as written, a deleted app as gone, and a new app that is not listed yet as present.
 */

import type { ManagedField } from '../model/desired.ts';
import { type AppId, compareText } from '../model/identity.ts';
import type { ObservedApp, ObservedState } from '../model/observed.ts';
import type { FieldValue } from '../model/plan.ts';
import type { Deleted, OwnedApp } from '../model/state.ts';
import { isSameValue, sortSet } from './diff-app.ts';
import type { PlanInput } from './plan-input.ts';

interface Listed {
  readonly input: Pick<PlanInput, 'policy' | 'state'>;
  /** When the listing began. */
  readonly listedAt: number;
}

/** An app that was deleted and that the listing still shows. */
export interface StillListed {
  readonly app: ObservedApp;
  readonly deleted: Deleted;
}

/**
 * Until when a listing may miss what was written at that instant; `undefined` when this one no longer may.
 */
export function lagsUntil({ input, listedAt }: Listed, writtenAt: number | undefined): number | undefined {
  if (writtenAt === undefined) return undefined;
  const until = writtenAt + input.policy.settleMs;
  return listedAt < until ? until : undefined;
}

/** The listed apps after this correction; the same map where nothing lags. `stillListed` is sorted by id. */
export function countApps(
  listed: Listed,
  apps: ReadonlyMap<AppId, ObservedApp>,
): { readonly apps: ReadonlyMap<AppId, ObservedApp>; readonly stillListed: readonly StillListed[] } {
  const written: ObservedApp[] = [];
  for (const owned of listed.input.state.apps.values()) {
    if (lagsUntil(listed, owned.writtenAt) === undefined) continue;
    const app = apps.get(owned.id);
    const counted = app === undefined ? undefined : countFields(owned, app);
    if (counted !== undefined) written.push(counted);
  }
  const stillListed: StillListed[] = [];
  for (const [id, deleted] of listed.input.state.deleted) {
    const app = lagsUntil(listed, deleted.at) === undefined ? undefined : apps.get(id);
    if (app !== undefined) stillListed.push({ app, deleted });
  }
  if (written.length + stillListed.length === 0) return { apps, stillListed };
  const counted = new Map(apps);
  for (const app of written) counted.set(app.id, app);
  for (const { app } of stillListed) counted.delete(app.id);
  stillListed.sort((left, right) => compareText(left.app.id, right.app.id));
  return { apps: counted, stillListed };
}

/** The listed subscriptions after this correction. */
export function countEvents(listed: Listed, events: ObservedState['events']): ObservedState['events'] {
  const counted = new Map(events);
  for (const { id, applied, writtenAt, replaced } of listed.input.state.apps.values()) {
    const shown = events.get(id);
    if (shown === undefined || applied.events === undefined) continue;
    if (lagsUntil(listed, writtenAt) === undefined) continue;
    const written = sortSet(applied.events);
    if (wasBefore('events', { shown: sortSet(shown), written }, replaced?.events)) counted.set(id, written);
  }
  return counted;
}

/** `undefined` where every field is taken as it is shown. */
function countFields({ applied, replaced }: OwnedApp, app: ObservedApp): ObservedApp | undefined {
  const name = { shown: app.name ?? null, written: applied.name ?? null };
  const url = { shown: app.callbackUrl ?? null, written: applied.callbackUrl ?? null };
  const isMarked = app.mark !== undefined && applied.name !== undefined;
  const before = {
    ...(isMarked || wasBefore('name', name, replaced?.name) ? { name: applied.name } : {}),
    ...(wasBefore('callback_url', url, replaced?.callbackUrl) ? { callbackUrl: applied.callbackUrl } : {}),
  };
  if (Object.keys(before).length === 0) return undefined;
  const { mark, ...rest } = app;
  const kept = isMarked || mark === undefined ? {} : { mark };
  return { ...rest, ...kept, ...before } as ObservedApp;
}

/** Whether a field shows what our write replaced. Nothing is always that: an app begins with it. */
function wasBefore(
  field: ManagedField,
  { shown, written }: { readonly shown: FieldValue; readonly written: FieldValue },
  replaced: readonly FieldValue[] | undefined,
): boolean {
  if (written === null || isSameValue(field, shown, written)) return false;
  if (shown === null || shown.length === 0) return true;
  return replaced?.some((value) => isSameValue(field, shown, value)) ?? false;
}
