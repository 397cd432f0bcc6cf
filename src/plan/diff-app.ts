/**
 * Compares an entry with an app, field by field: managed fields only, by meaning, with the last applied
 * value.
 */

import type { DesiredApp, ManagedField } from '../model/desired.ts';
import { compareText } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { ChangedBy, FieldChange, FieldValue } from '../model/plan.ts';
import type { AppliedFields, OwnedApp } from '../model/state.ts';
import { isSameUrl } from './compare-url.ts';

export interface Sides {
  /** Subscribed event types; `undefined` where they were not listed, and then nothing is said about them. */
  readonly events: readonly string[] | undefined;
  readonly applied: AppliedFields | undefined;
}

/** Differences of managed fields, in the order name, callback_url, events. */
export function diffApp(entry: DesiredApp, app: ObservedApp, sides: Sides): FieldChange[] {
  const { applied, events } = sides;
  const changes: FieldChange[] = [];
  if (entry.name !== undefined && app.mark !== undefined) {
    // Under its mark it has no name of its own yet; it is given one even where the entry ignores the name.
    pushDifference(changes, 'name', [null, entry.name, null]);
  } else if (entry.name !== undefined && manages(entry, 'name')) {
    pushDifference(changes, 'name', [app.name ?? null, entry.name, applied?.name ?? null]);
  }
  if (entry.callbackUrl !== undefined && manages(entry, 'callback_url')) {
    const values = [app.callbackUrl ?? null, entry.callbackUrl, applied?.callbackUrl ?? null] as const;
    pushDifference(changes, 'callback_url', values);
  }
  // Most sets are equal as they stand; sorting all of them would be much of the planner's work.
  if (events !== undefined && managesEvents(entry) && !isSameValue('events', events, entry.events)) {
    const values = [sortSet(events), sortSet(entry.events), sortSetOrNull(applied?.events)] as const;
    pushDifference(changes, 'events', values);
  }
  return changes;
}

/** Everything a new app is given, as differences from nothing. */
export function diffNothing(entry: DesiredApp): FieldChange[] {
  const fields: FieldChange[] = [];
  const push = (path: FieldChange['path'], after: FieldValue) =>
    fields.push({ path, before: null, after, lastApplied: null, changedBy: 'new' });
  if (entry.connectorId !== undefined) push('connector_id', entry.connectorId);
  if (entry.name !== undefined && (entry.appType === 'normal' || manages(entry, 'name'))) {
    push('name', entry.name);
  }
  if (entry.callbackUrl !== undefined && manages(entry, 'callback_url')) {
    push('callback_url', entry.callbackUrl);
  }
  if (managesEvents(entry) && entry.events.length > 0) push('events', sortSet(entry.events));
  return fields;
}

export function manages(entry: DesiredApp, field: ManagedField): boolean {
  return !entry.ignore.includes(field);
}

export function managesEvents(
  entry: DesiredApp,
): entry is DesiredApp & { readonly events: readonly string[] } {
  return entry.events !== undefined && manages(entry, 'events');
}

/** Whether two values of a field mean the same. */
export function isSameValue(path: FieldChange['path'], left: FieldValue, right: FieldValue): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    return path === 'callback_url' ? isSameUrl(left, right) : left === right;
  }
  if (left === null || right === null || typeof left === 'string' || typeof right === 'string') {
    return left === right;
  }
  return left.length === right.length && left.every((event, index) => event === right[index]);
}

/** An event set in its one order, without repeats. */
export function sortSet(events: readonly string[]): readonly string[] {
  return [...new Set(events)].sort(compareText);
}

function sortSetOrNull(events: readonly string[] | undefined): FieldValue {
  return events === undefined ? null : sortSet(events);
}

function pushDifference(
  changes: FieldChange[],
  path: ManagedField,
  [before, after, lastApplied]: readonly [FieldValue, FieldValue, FieldValue],
): void {
  if (isSameValue(path, before, after)) return;
  const fileMoved = !isSameValue(path, after, lastApplied);
  const accountMoved = !isSameValue(path, before, lastApplied);
  changes.push({
    path,
    before,
    after,
    lastApplied,
    changedBy: tellMover(lastApplied, { fileMoved, accountMoved }),
  });
}

/** The sides differ, so at least one of them moved since the last apply. */
function tellMover(
  lastApplied: FieldValue,
  moved: { readonly fileMoved: boolean; readonly accountMoved: boolean },
): ChangedBy {
  if (lastApplied === null) return 'new';
  if (!moved.fileMoved) return 'account';
  return moved.accountMoved ? 'both' : 'file';
}

/** The differences that only a replacement can remove. Empty: the app will do. */
export function describeIdentityChange(
  entry: DesiredApp,
  app: ObservedApp,
  owned: OwnedApp | undefined,
): FieldChange[] {
  const fields: FieldChange[] = [];
  if (app.appType !== entry.appType) {
    fields.push(fixed('app_type', { before: app.appType, after: entry.appType, last: owned?.appType }));
  }
  if (entry.connectorId !== undefined && app.connectorId !== entry.connectorId) {
    const before = app.connectorId ?? null;
    fields.push(fixed('connector_id', { before, after: entry.connectorId, last: owned?.connectorId }));
  }
  return fields;
}

function fixed(
  path: 'app_type' | 'connector_id',
  sides: { readonly before: string | null; readonly after: string; readonly last: string | undefined },
): FieldChange {
  const { before, after, last } = sides;
  return { path, before, after, lastApplied: last ?? null, changedBy: last === undefined ? 'new' : 'file' };
}
