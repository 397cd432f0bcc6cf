/**
 * Reads what nearly every file is made of: mappings, lists, texts on one line, numbers and comments. Text in, the parser's events
 * and their value out. It gives nothing at all where anything is wrong, repeated or unusual, such as an anchor, a tag or a text
 * over several lines.
 */

import type { Stretch } from './cut-yaml.ts';
import { hasBracket, skipClosing, spanOfScalar } from './event-span.ts';
import { DEPTH_MAX, VALUES_MAX } from './read-yaml-tree.ts';
import type { PlainYaml, ScalarEvent, YamlEvent } from './yaml-library.ts';

/** A text that is one plain document. */
export interface PlainText {
  readonly text: string;
  /** As the parser met it. */
  readonly events: readonly YamlEvent[];
  readonly value: unknown;
  /** How many it holds, itself included. */
  readonly values: number;
}

/** Where parsers, or versions of YAML, may differ: tabs, odd line breaks, marks of byte order, directives and ends of documents. */
const UNUSUAL = /\t|\r(?!\n)|[\u0085\u2028\u2029\uFEFF]|^(?:%| *\.\.\.| +---)/m;
/** What a plain scalar that is no text begins with; the empty one is null. */
const MAYBE_NO_TEXT = /^(?:$|[-+.~0-9nNtTfF])/;

/** Longer ones the parsers do not agree on. */
const KEY_LENGTH_MAX = 1_000;

/** What may stand behind a text in quotes, or a bracket, that is the last thing on its line. */
const REST_OF_LINE = / *(?:(?<= )#[^\n]*)?\r?(?:\n|$)/y;

interface Reading {
  readonly library: PlainYaml;
  readonly text: string;
  readonly events: readonly YamlEvent[];
  /** The next event. */
  at: number;
  /** Behind what was read last. */
  end: number;
  /** How many brackets are open. */
  open: number;
  values: number;
  isPlain: boolean;
}

/** `depth`: of the text in what it is a part of. */
export function readPlainYaml(library: PlainYaml, text: string, depth = 0): PlainText | undefined {
  const events = UNUSUAL.test(text) ? undefined : parseEvents(library, text, DEPTH_MAX - depth);
  if (events === undefined || !isOneDocument(library, events)) return undefined;
  const reading: Reading = { library, text, events, at: 1, end: 0, open: 0, values: 0, isPlain: true };
  const value = readNode(reading);
  return reading.isPlain ? { text, events, value, values: reading.values } : undefined;
}

function parseEvents(library: PlainYaml, text: string, maxDepth: number): readonly YamlEvent[] | undefined {
  try {
    return library.parseEvents(text, { maxDepth });
  } catch (error) {
    if (error instanceof library.YAMLException) return undefined;
    throw error;
  }
}

function isOneDocument({ EVENT_ID }: PlainYaml, events: readonly YamlEvent[]): boolean {
  return events.findLastIndex(({ type }) => type === EVENT_ID.DOCUMENT) === 0;
}

function readNode(reading: Reading): unknown {
  const { EVENT_ID } = reading.library;
  const event = reading.events[reading.at];
  reading.at += 1;
  reading.values += 1;
  if (event === undefined || reading.values > VALUES_MAX || hasProperties(event)) return giveUp(reading);
  if (event.type === EVENT_ID.SCALAR) {
    const value = readScalar(event, reading);
    if (event.style !== reading.library.SCALAR_STYLE.PLAIN) endLine(reading);
    return value;
  }
  if (event.type !== EVENT_ID.MAPPING && event.type !== EVENT_ID.SEQUENCE) return giveUp(reading);
  const isMapping = event.type === EVENT_ID.MAPPING;
  const isBracketed = hasBracket(reading.text, event.start);
  if (isBracketed) openBracket(reading, event.start);
  const value = isMapping ? readMapping(reading) : readSequence(reading);
  if (isBracketed) {
    closeBracket(reading);
    endLine(reading);
  }
  return value;
}

function openBracket(reading: Reading, start: number): void {
  advance(reading, { start, end: start + 1 });
  reading.open += 1;
}

function closeBracket(reading: Reading): void {
  const end = skipClosing(reading.text, reading.end);
  if (end === undefined) giveUp(reading);
  else reading.end = end;
  reading.open -= 1;
}

/** Outside of brackets the parser takes what follows a value in a list for the next key of the mapping around it. */
function endLine(reading: Reading): void {
  REST_OF_LINE.lastIndex = reading.end;
  if (reading.open === 0 && !REST_OF_LINE.test(reading.text)) giveUp(reading);
}

/** Within brackets a comment is right in some places only, and not the same ones for all parsers. */
function advance(reading: Reading, { start, end }: Stretch): void {
  if (reading.open > 0 && reading.text.slice(reading.end, start).includes('#')) giveUp(reading);
  reading.end = end;
}

function giveUp(reading: Reading): null {
  reading.isPlain = false;
  return null;
}

/** An anchor or a tag. */
function hasProperties(event: YamlEvent): boolean {
  return 'tagStart' in event && (event.tagStart !== -1 || event.anchorStart !== -1);
}

function readMapping(reading: Reading): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  while (reading.isPlain && !isAtEnd(reading)) {
    const key = readKey(reading);
    if (typeof key !== 'string' || key === '<<' || key === '__proto__' || Object.hasOwn(mapping, key))
      giveUp(reading);
    else if (isScalarOnLaterLine(reading)) giveUp(reading);
    else mapping[key] = readNode(reading);
  }
  reading.at += 1;
  return mapping;
}

function readKey(reading: Reading): unknown {
  const { library, events, text } = reading;
  const event = events[reading.at];
  reading.at += 1;
  if (event?.type !== library.EVENT_ID.SCALAR || hasProperties(event)) return giveUp(reading);
  const { valueStart, valueEnd } = event;
  if (!text.slice(valueEnd, valueStart + KEY_LENGTH_MAX).includes(':')) return giveUp(reading);
  return readScalar(event, reading);
}

/** The value of the key that was just read. */
function isScalarOnLaterLine({ library, events, text, at, end }: Reading): boolean {
  const event = events[at];
  if (event?.type !== library.EVENT_ID.SCALAR || event.valueStart === -1) return false;
  return text.slice(end, event.valueStart).includes('\n');
}

function readSequence(reading: Reading): unknown[] {
  const items: unknown[] = [];
  while (reading.isPlain && !isAtEnd(reading)) items.push(readNode(reading));
  reading.at += 1;
  return items;
}

function isAtEnd({ library, events, at }: Reading): boolean {
  return events[at]?.type === library.EVENT_ID.POP;
}

function readScalar(scalar: ScalarEvent, reading: Reading): unknown {
  const { library, text } = reading;
  if (!scalar.fast && !isSimple(scalar, reading)) return giveUp(reading);
  const span = spanOfScalar(library, scalar);
  if (span !== undefined) advance(reading, span);
  const value = library.getScalarValue(text, scalar);
  if (scalar.style !== library.SCALAR_STYLE.PLAIN || !MAYBE_NO_TEXT.test(value)) return value;
  for (const tag of [library.nullCoreTag, library.boolCoreTag, library.intCoreTag, library.floatCoreTag]) {
    const resolved = tag.resolve(value, false, tag.tagName);
    if (resolved !== library.NOT_RESOLVED) return resolved;
  }
  // A number beyond all bounds, such as 2e600, or none of this version of YAML: parsers differ.
  return Number.isNaN(Number(value)) ? value : giveUp(reading);
}

/** On one line, and without the escape of which the parser takes what stands for no character. */
function isSimple({ style, valueStart, valueEnd }: ScalarEvent, { library, text }: Reading): boolean {
  const { LITERAL_BLOCK, FOLDED_BLOCK } = library.SCALAR_STYLE;
  const source = text.slice(valueStart, valueEnd);
  return style !== LITERAL_BLOCK && style !== FOLDED_BLOCK && !/\n|\\U/.test(source);
}
