/** Finds where a value stands among the events of a plain text: a pointer in, a mark out. It looks up only what it is asked for. */

import { hasBracket, skipClosing, spanOfScalar } from './event-span.ts';
import type { Located, YamlLocator } from './locate-yaml.ts';
import type { Marker, Pointer } from './mark.ts';
import type { PlainText } from './read-plain-yaml.ts';
import type { PlainYaml } from './yaml-library.ts';

interface Tree extends PlainText {
  readonly library: PlainYaml;
  /** What a collection holds, by the number of its event, as far as it was asked for. */
  readonly indexes: Map<number, ReadonlyMap<string, Pair>>;
}

/** A key and its value, as numbers of their events. An item of a list is both. */
interface Pair {
  readonly key: number;
  readonly value: number;
}

const COLON = /\s*:/y;
const DASH = /\s*-/y;

export function createEventLocator(library: PlainYaml, plain: PlainText, markAt: Marker): YamlLocator {
  const tree: Tree = { ...plain, library, indexes: new Map() };

  /** As far as the pointer leads. */
  function follow(pointer: Pointer): readonly Pair[] {
    const path: Pair[] = [];
    let node = 1;
    for (const step of pointer) {
      const pair = isCollection(tree, node) ? indexOf(tree, node).get(String(step)) : undefined;
      if (pair === undefined) break;
      path.push(pair);
      node = pair.value;
    }
    return path;
  }

  function locateValue(path: readonly Pair[]): Located {
    const pair = path.at(-1);
    if (pair === undefined) return { mark: markAt(0, 1), text: undefined };
    return locate(pair.value) ?? locateKey(path);
  }

  function locateKey(path: readonly Pair[]): Located {
    const pair = path.at(-1);
    return (pair && locate(pair.key)) ?? locateValue(path.slice(0, -1));
  }

  function locate(node: number): Located | undefined {
    const start = startOf(tree, node);
    if (start === undefined) return undefined;
    const event = plain.events[node];
    const isScalar = event?.type === library.EVENT_ID.SCALAR;
    const source = isScalar ? library.getScalarValue(plain.text, event) : undefined;
    return { mark: markAt(start, endOf(tree, node, start)), text: source };
  }

  return {
    value: (pointer) => locateValue(follow(pointer)),
    key(pointer) {
      const path = follow(pointer);
      return (path.length === pointer.length ? locateKey(path) : locateValue(path)).mark;
    },
  };
}

/** By key or number. */
function indexOf(tree: Tree, node: number): ReadonlyMap<string, Pair> {
  const known = tree.indexes.get(node);
  if (known !== undefined) return known;
  const index = new Map(pairsOf(tree, node));
  tree.indexes.set(node, index);
  return index;
}

function* pairsOf(tree: Tree, node: number): Generator<[step: string, pair: Pair]> {
  const { library, events, text } = tree;
  const { MAPPING, POP, SCALAR } = library.EVENT_ID;
  const isMapping = events[node]?.type === MAPPING;
  let count = 0;
  for (let key = node + 1; events[key]?.type !== POP; count += 1) {
    const event = events[key];
    const value = isMapping ? key + 1 : key;
    const step = isMapping && event?.type === SCALAR ? library.getScalarValue(text, event) : count;
    yield [String(step), { key, value }];
    key = skipNode(tree, value);
  }
}

/** The event that follows all those of a node. */
function skipNode(tree: Tree, node: number): number {
  let depth = 0;
  let at = node;
  do {
    if (isCollection(tree, at)) depth += 1;
    else if (tree.events[at]?.type === tree.library.EVENT_ID.POP) depth -= 1;
    at += 1;
  } while (depth > 0);
  return at;
}

function isCollection({ library, events }: Tree, node: number): boolean {
  const type = events[node]?.type;
  return type === library.EVENT_ID.MAPPING || type === library.EVENT_ID.SEQUENCE;
}

/** Before the first character of a node; undefined for a value that is left out. */
function startOf({ library, events }: Tree, node: number): number | undefined {
  const event = events[node];
  if (event === undefined || !('tagStart' in event)) return undefined;
  return 'start' in event ? event.start : spanOfScalar(library, event)?.start;
}

/** Behind the last character of a node; only what stands on its first line counts. `before` is where a value that is left out was to be. */
function endOf(tree: Tree, node: number, before: number): number {
  const event = tree.events[node];
  if (event === undefined || !('tagStart' in event)) return before;
  if ('valueEnd' in event) return spanOfScalar(tree.library, event)?.end ?? before;
  const isBracketed = hasBracket(tree.text, event.start);
  const inside = isBracketed ? event.start + 1 : event.start;
  const [last, previous] = [...indexOf(tree, node).values()].reverse();
  const begin = previous === undefined ? inside : endOfPair(tree, previous, inside);
  const end = last === undefined ? inside : endOfPair(tree, last, begin);
  return isBracketed ? (skipClosing(tree.text, end) ?? end) : end;
}

function endOfPair(tree: Tree, { key, value }: Pair, before: number): number {
  const isItem = key === value;
  const begin = isItem ? skipText(tree, DASH, before) : skipText(tree, COLON, endOf(tree, key, before));
  return endOf(tree, value, begin);
}

function skipText({ text }: Tree, what: RegExp, from: number): number {
  what.lastIndex = from;
  return what.test(text) ? what.lastIndex : from;
}
