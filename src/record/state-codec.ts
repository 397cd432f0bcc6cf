/**
 * How the recorded state and its changes look as JSON on disk: snake_case names and ISO 8601 instants, for
 * people with a text editor. Converts both ways without loss (whole milliseconds); it validates nothing,
 * checksums guard what is read.
 */

import type { Pause } from '../model/desired.ts';
import { type AppId, type AppKey, compareText } from '../model/identity.ts';
import {
  type Backoff,
  type CreateIntent,
  type Deleted,
  type DriftSeen,
  emptyState,
  type MarksSeen,
  type MutableState,
  NO_MARKS,
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

/** How the name of a member is spelt in memory and on disk. */
interface Spelling {
  readonly inMemory: string;
  readonly onDisk: string;
  readonly isInstant: boolean;
}

/**
 * The names that each app repeats, spelt once; any other is spelt where it is met. With 10,000 apps, to write
 * and read a snapshot takes 0.37 s of CPU instead of 0.49.
 */
const FREQUENT = [
  ...['activating', 'app', 'appType', 'applied', 'at', 'boundAt', 'callbackUrl', 'connectorId', 'events'],
  ...['eventsSeenAt', 'how', 'id', 'intent', 'key', 'name', 'nonce', 'openedAt', 'patch', 'protect'],
  ...['replaced', 'tokenFingerprint', 'type', 'writtenAt'],
].map((name) => spell(name, toSnakeCase(name)));
const BY_NAME_IN_MEMORY = new Map(FREQUENT.map((spelling) => [spelling.inMemory, spelling]));
const BY_NAME_ON_DISK = new Map(FREQUENT.map((spelling) => [spelling.onDisk, spelling]));

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
    // Apps and intents hold their key; on disk it stands once, as the name of the member.
    apps: encodeByKey(state.apps, 'key'),
    intents: encodeByKey(state.intents, 'key'),
    backoffs: encodeByKey(state.backoffs),
    drifts: encodeByKey(state.drifts),
    pauses: encodeByKey(state.pauses),
    paused_all: state.pausedAll === undefined ? null : encode(state.pausedAll),
    grants: encode(state.grants),
    deletions: state.deletions.map(encodeInstant),
    deleted: encodeByKey(state.deleted),
    marks: encodeMarks(state.marks),
    calls: state.calls === undefined ? null : encode(state.calls),
    boot: state.boot === undefined ? null : encode(state.boot),
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
  // Absent from a file of a version that did not remember them.
  fillByKey<Deleted>(state.deleted, json['deleted'] ?? {});
  state.marks = decodeMarks(json['marks']);
  if (json['calls'] !== null) state.calls = decode(json['calls'] as JsonValue) as State['calls'] & object;
  const boot = json['boot'] ?? null;
  if (boot !== null) state.boot = decode(boot) as State['boot'] & object;
  return state;
}

function encodeMarks({ shown, refused, firstSeen, strayDeletes, begunDeletes }: MarksSeen): JsonObject {
  const seen = [...firstSeen].sort(([left], [right]) => compareText(left, right));
  return {
    ...{ shown, refused, stray_deletes: strayDeletes },
    ...(begunDeletes.size === 0 ? {} : { begun_deletes: [...begunDeletes].sort(compareText) }),
    first_seen: Object.fromEntries(seen.map(([id, at]) => [id, encodeInstant(at)])),
  };
}

/** Older versions knew no marks. */
function decodeMarks(json: JsonValue | undefined): MarksSeen {
  if (json === undefined) return NO_MARKS;
  const marks = json as JsonObject;
  const seen = Object.entries(marks['first_seen'] as JsonObject);
  return {
    shown: marks['shown'] as boolean,
    refused: marks['refused'] as boolean,
    strayDeletes: marks['stray_deletes'] as number,
    begunDeletes: new Set((marks['begun_deletes'] ?? []) as AppId[]),
    firstSeen: new Map(seen.map(([id, at]) => [id as AppId, Date.parse(at as string)])),
  };
}

/** `fromEntries`, because a key may be `__proto__`. */
function encodeByKey(entries: ReadonlyMap<AppKey | AppId, unknown>, without?: string): JsonObject {
  const sorted = [...entries].sort(([left], [right]) => compareText(left, right));
  return Object.fromEntries(sorted.map(([key, value]) => [key, encode(value, without)]));
}

function fillKeyed<Value extends { readonly key: AppKey }>(
  target: Map<AppKey, Value>,
  json: JsonValue | undefined,
): void {
  for (const [key, value] of Object.entries(json as JsonObject)) {
    target.set(key as AppKey, decodeMembers(value as JsonObject, { key }) as Value);
  }
}

function fillByKey<Value>(target: Map<AppKey, Value> | Map<AppId, Value>, json: JsonValue | undefined): void {
  for (const [key, value] of Object.entries(json as JsonObject)) {
    target.set(key as AppKey & AppId, decode(value) as Value);
  }
}

/** `without`: a member that is left out. */
function encode(value: unknown, without?: string): JsonValue {
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  if (Array.isArray(value)) return value.map((item) => encode(item));
  const json: Record<string, JsonValue> = {};
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined || name === without) continue;
    const { onDisk, isInstant } = BY_NAME_IN_MEMORY.get(name) ?? spell(name, toSnakeCase(name));
    json[onDisk] = isInstant && typeof member === 'number' ? encodeInstant(member) : encode(member);
  }
  return json;
}

function decode(json: JsonValue): unknown {
  if (typeof json !== 'object' || json === null) return json;
  return isArray(json) ? json.map(decode) : decodeMembers(json, {});
}

/** Adds the members to `target` and returns it. */
function decodeMembers(json: JsonObject, target: Record<string, unknown>): object {
  for (const name of Object.keys(json)) {
    const member = json[name] as JsonValue;
    const { inMemory, isInstant } = BY_NAME_ON_DISK.get(name) ?? spell(toCamelCase(name), name);
    target[inMemory] = isInstant && typeof member === 'string' ? Date.parse(member) : decode(member);
  }
  return target;
}

function isArray(json: JsonValue): json is readonly JsonValue[] {
  return Array.isArray(json);
}

function spell(inMemory: string, onDisk: string): Spelling {
  return { inMemory, onDisk, isInstant: INSTANT.test(onDisk) };
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
