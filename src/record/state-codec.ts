/**
 * How the recorded state and its changes look as JSON on disk: snake_case names and ISO 8601 instants, for people with a text
 * editor. Converts both ways without loss (whole milliseconds); it validates nothing, checksums guard what is read.
 */

import type { Pause } from '../model/desired.ts';
import { type AppKey, compareText } from '../model/identity.ts';
import {
  type Backoff,
  type CreateIntent,
  type DriftSeen,
  emptyState,
  type MutableState,
  type OwnedApp,
  type State,
  type StateChange,
} from '../model/state.ts';

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };
export type JsonObject = { readonly [name: string]: JsonValue };

/** Members that hold an instant: milliseconds in memory, ISO 8601 text in a file. */
const INSTANT = /^(at|until|before|[a-z_]+_at)$/;

/** A change as one JSON object. Inverse of `decodeChange`. */
export function encodeChange(change: StateChange): JsonObject {
  return encode(change) as JsonObject;
}

export function decodeChange(json: JsonValue): StateChange {
  return decode(json) as StateChange;
}

/** The whole state, keys sorted, so that equal states give equal bytes. Inverse of `decodeState`. */
export function encodeState(state: State): JsonObject {
  return {
    lineage: state.lineage,
    serial: state.serial,
    endpoint: state.endpoint,
    apps: encodeKeyed(state.apps),
    intents: encodeKeyed(state.intents),
    backoffs: encodeByKey(state.backoffs),
    drifts: encodeByKey(state.drifts),
    pauses: encodeByKey(state.pauses),
    paused_all: state.pausedAll === undefined ? null : encode(state.pausedAll),
    grants: encode(state.grants),
    deletions: state.deletions.map(encodeInstant),
    calls: state.calls === undefined ? null : encode(state.calls),
  };
}

export function decodeState(json: JsonObject): MutableState {
  const state = emptyState(json['lineage'] as string, json['endpoint'] as string);
  state.serial = json['serial'] as number;
  fillKeyed<OwnedApp>(state.apps, json['apps']);
  fillKeyed<CreateIntent>(state.intents, json['intents']);
  fillByKey<Backoff>(state.backoffs, json['backoffs']);
  fillByKey<DriftSeen[]>(state.drifts, json['drifts']);
  fillByKey<Pause>(state.pauses, json['pauses']);
  if (json['paused_all'] !== null) state.pausedAll = decode(json['paused_all'] as JsonValue) as Pause;
  state.grants = decode(json['grants'] as JsonValue) as MutableState['grants'];
  state.deletions = (json['deletions'] as readonly string[]).map(Date.parse);
  if (json['calls'] !== null) state.calls = decode(json['calls'] as JsonValue) as State['calls'] & object;
  return state;
}

/** Apps and intents hold their key; on disk it stands once, as the name of the member. */
function encodeKeyed(entries: ReadonlyMap<AppKey, OwnedApp | CreateIntent>): JsonObject {
  const bare = [...entries].map(([key, { key: _, ...rest }]) => [key, rest] as const);
  return encodeByKey(new Map(bare));
}

function encodeByKey(entries: ReadonlyMap<AppKey, unknown>): JsonObject {
  const sorted = [...entries].sort(([left], [right]) => compareText(left, right));
  return Object.fromEntries(sorted.map(([key, value]) => [key, encode(value)]));
}

function fillKeyed<Value extends { readonly key: AppKey }>(
  target: Map<AppKey, Value>,
  json: JsonValue | undefined,
): void {
  for (const [key, value] of Object.entries(json as JsonObject)) {
    target.set(key as AppKey, { key, ...(decode(value) as object) } as unknown as Value);
  }
}

function fillByKey<Value>(target: Map<AppKey, Value>, json: JsonValue | undefined): void {
  for (const [key, value] of Object.entries(json as JsonObject)) {
    target.set(key as AppKey, decode(value) as Value);
  }
}

function encode(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => {
      const snake = toSnakeCase(name);
      return [
        snake,
        INSTANT.test(snake) && typeof member === 'number' ? encodeInstant(member) : encode(member),
      ];
    }),
  );
}

function decode(json: JsonValue): unknown {
  if (Array.isArray(json)) return json.map(decode);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => [
      toCamelCase(name),
      INSTANT.test(name) && typeof member === 'string' ? Date.parse(member) : decode(member),
    ]),
  );
}

function encodeInstant(at: number): string {
  return new Date(at).toISOString();
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
