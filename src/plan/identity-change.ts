/** Tells whether an app can become what its entry asks for at all: type and channel of an app are fixed for good. */

import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { FieldChange } from '../model/plan.ts';
import type { OwnedApp } from '../model/state.ts';

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
