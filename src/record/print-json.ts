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
  yield { compact: '{', indented: '{' };
  for (const [index, member] of members.entries()) {
    yield printName(member.name, index === 0, 1);
    if ('value' in member) yield printValue(member.value, 1);
    else yield* printEntries(member.entries);
  }
}

function* printEntries(entries: Iterable<readonly [string, JsonValue]>): Iterable<Piece> {
  let isEmpty = true;
  yield { compact: '{', indented: '{' };
  for (const [name, value] of entries) {
    yield printName(name, isEmpty, 2);
    yield printValue(value, 2);
    isEmpty = false;
  }
  yield { compact: '}', indented: isEmpty ? '}' : `${lineAt(1)}}` };
}

function printName(name: string, isFirst: boolean, level: number): Piece {
  const comma = isFirst ? '' : ',';
  const text = JSON.stringify(name);
  return { compact: `${comma}${text}:`, indented: `${comma}${lineAt(level)}${text}: ` };
}

function printValue(value: JsonValue, level: number): Piece {
  // No line break stands within a JSON string.
  return {
    compact: JSON.stringify(value),
    indented: JSON.stringify(value, null, 2).replaceAll('\n', lineAt(level)),
  };
}

function lineAt(level: number): string {
  return `\n${'  '.repeat(level)}`;
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
