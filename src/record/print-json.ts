/**
 * JSON bit by bit, equal to what `JSON.stringify` gives at once: the text of a state with 100,000 apps has 35 MB, and must not stand
 * in memory several times over beside the state itself.
 */

import type { JsonObject, JsonValue, StateMember } from './state-codec.ts';

/** The same piece in both layouts. */
interface Piece {
  readonly compact: string;
  /** Two spaces a level. */
  readonly indented: string;
}

/** Pieces of this length are turned into bytes, and only these are kept. */
const GATHER_LENGTH = 65_536;
/** Members that are printed at a time. */
const BATCH_LENGTH = 100;

/** The pieces one after the other, as UTF-8. None may end within a surrogate pair. */
export function gatherText(pieces: Iterable<string>): Buffer {
  const gathered: Buffer[] = [];
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < GATHER_LENGTH) continue;
    gathered.push(Buffer.from(text));
    text = '';
  }
  if (gathered.length === 0) return Buffer.from(text);
  return Buffer.concat([...gathered, Buffer.from(text)]);
}

/** An object of these members, without the bracket that closes it. */
export function* printMembers(members: readonly StateMember[]): Iterable<Piece> {
  let separator = '{';
  for (const member of members) {
    const name = JSON.stringify(member.name);
    yield { compact: `${separator}${name}:`, indented: `${separator}\n  ${name}: ` };
    if ('entries' in member) yield* printEntries(member.entries);
    else yield { compact: JSON.stringify(member.value), indented: indent(member.value) };
    separator = ',';
  }
}

function* printEntries(entries: Iterable<readonly [string, JsonValue]>): Iterable<Piece> {
  let separator = '{';
  for (const batch of batchesOf(entries)) {
    const object = Object.fromEntries(batch);
    // Without the brackets around them, and the last line break.
    yield {
      compact: `${separator}${JSON.stringify(object).slice(1, -1)}`,
      indented: `${separator}${indent(object).slice(1, -'\n  }'.length)}`,
    };
    separator = ',';
  }
  yield separator === '{' ? { compact: '{}', indented: '{}' } : { compact: '}', indented: '\n  }' };
}

/** In a new process a snapshot of 1,000 apps takes 40 ms so, and 57 where each member is printed by itself. */
function* batchesOf<Item>(items: Iterable<Item>): Iterable<readonly Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH_LENGTH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** As a member of the outermost object. No line break stands within a JSON string. */
function indent(value: JsonValue): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}

/** The object in the compact layout; members that are objects come one by one too. */
export function* printCompact(json: JsonObject, depth = 1): Iterable<string> {
  let separator = '{';
  for (const name of Object.keys(json)) {
    const value = json[name] as JsonValue;
    yield `${separator}${JSON.stringify(name)}:`;
    if (depth > 0 && isObject(value)) yield* printCompact(value, depth - 1);
    else yield JSON.stringify(value);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
