/**
 * The recorded state as a daemon shows it to those who plan elsewhere: the document of
 * schema/recorded-state.schema.json. Without fingerprints, and without what concerns its host alone.
 */

import type { AppId, AppKey } from '../model/identity.ts';
import { maskQueries } from '../model/secret-shapes.ts';
import type { MutableState, State } from '../model/state.ts';
import { decodeState, encodeState, type JsonObject } from './state-codec.ts';

const FORMAT_VERSION = 1;
/** Stands for a fingerprint that only the daemon has: what counts is that there is one. */
const DELIVERED = 'delivered';

/** `at` in milliseconds since the epoch. */
export function encodeRecordedState(state: State, at: number): JsonObject {
  const { apps, calls: _, boot: __, ...shown } = encodeState(state);
  return {
    ...{ format_version: FORMAT_VERSION, at: new Date(at).toISOString(), ...shown },
    apps: mapMembers(apps as JsonObject, ({ token_fingerprint: fingerprint, ...app }) => ({
      ...app,
      token_delivered: fingerprint !== undefined,
    })),
  };
}

/** `json` must satisfy the schema. */
export function decodeRecordedState(json: JsonObject): MutableState {
  const { apps, ...shown } = json;
  return decodeState({
    ...{ ...shown, calls: null, boot: null },
    apps: mapMembers(apps as JsonObject, ({ token_delivered: isDelivered, ...app }) => ({
      ...app,
      ...(isDelivered === true ? { token_fingerprint: DELIVERED } : {}),
    })),
  });
}

/**
 * Puts back the query of an applied URL that was masked on its way: the app's own where it fits, else the entry's.
 * Without it, every URL with a query would seem to have been changed.
 */
export function fillMaskedUrls(
  state: MutableState,
  known: {
    readonly apps: readonly { readonly id: AppId; readonly callbackUrl?: string }[];
    readonly entries: ReadonlyMap<AppKey, { readonly callbackUrl?: string }>;
  },
): void {
  const observed = new Map(known.apps.map(({ id, callbackUrl }) => [id, callbackUrl]));
  for (const [key, app] of state.apps) {
    const masked = app.applied.callbackUrl;
    if (masked === undefined || maskQueries(masked) !== masked) continue;
    const urls = [observed.get(app.id), known.entries.get(key)?.callbackUrl];
    const callbackUrl = urls.find((url) => url !== undefined && maskQueries(url) === masked);
    if (callbackUrl !== undefined) state.apps.set(key, { ...app, applied: { ...app.applied, callbackUrl } });
  }
}

/** `fromEntries`, because a key may be `__proto__`. */
function mapMembers(members: JsonObject, map: (member: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, map(member as JsonObject)]));
}
