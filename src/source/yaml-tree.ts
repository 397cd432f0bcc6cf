/**
 * A parsed YAML document as plain values, and where in the text each of them stands. Aliases are resolved
 * within a bound, so that a few hundred bytes cannot grow into gigabytes; keys are texts, and no mapping
 * holds the same one twice.
 */

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { message } from '../messages/message.ts';
import { createDiagnostic, type Problems, quote, withoutKeys } from './diagnostics.ts';
import type { Mark, Marker, Pointer } from './mark.ts';

/**
 * Values in one document, repeats by alias included: more than the tokens of the largest readable file can
 * make.
 */
const VALUES_MAX = 1_000_000;
/** The configuration itself is at most six levels deep. */
const DEPTH_MAX = 40;

interface YamlTree {
  readonly value: unknown;
  /** False when something was left out, because it is too large or an alias leads nowhere. */
  readonly isWhole: boolean;
  /** What each alias stands for. */
  readonly targets: AliasTargets;
}

type AliasTargets = WeakMap<Alias, Node>;

interface Walk {
  /**
   * Anchors met so far, in the order of the text; the library's own look-up walks the document for each
   * alias.
   */
  readonly anchors: Map<string, Node>;
  readonly met: WeakSet<Node>;
  readonly targets: AliasTargets;
  readonly markAt: Marker;
  readonly problems: Problems;
  values: number;
  isOver: boolean;
  isTorn: boolean;
}

export function readYamlTree(document: Document, markAt: Marker, problems: Problems): YamlTree {
  const walk: Walk = {
    anchors: new Map(),
    met: new WeakSet(),
    targets: new WeakMap(),
    markAt,
    problems,
    values: 0,
    isOver: false,
    isTorn: false,
  };
  const value = readNode(document.contents, 0, walk);
  return { value, isWhole: !walk.isOver && !walk.isTorn, targets: walk.targets };
}

function readNode(node: unknown, depth: number, walk: Walk): unknown {
  if (walk.isOver) return null;
  walk.values += 1;
  if (walk.values > VALUES_MAX || depth > DEPTH_MAX) {
    walk.isOver = true;
    const problem =
      depth > DEPTH_MAX
        ? message('source.depth', { levels: DEPTH_MAX })
        : message('source.values', { count: VALUES_MAX });
    walk.problems.add(createDiagnostic('yaml_too_large', problem, markOf(node as Node, walk)));
    return null;
  }
  if (isAlias(node)) return readAlias(node, depth, walk);
  meetAnchor(node, walk);
  if (isMap(node)) return readMap(node, depth, walk);
  if (isSeq(node)) return readSequence(node, depth, walk);
  return isScalar(node) ? node.value : null;
}

/** An anchor counts where it stands, not where an alias repeats it. */
function meetAnchor(node: unknown, walk: Walk): void {
  if (!isNode(node) || isAlias(node) || node.anchor === undefined || walk.met.has(node)) return;
  walk.met.add(node);
  walk.anchors.set(node.anchor, node);
}

function readAlias(node: Alias, depth: number, walk: Walk): unknown {
  const known = walk.targets.get(node);
  const target = known ?? walk.anchors.get(node.source);
  if (target === undefined || (known === undefined && contains(target, node))) {
    walk.isTorn = true;
    const id = target === undefined ? 'source.alias_dangling' : 'source.alias_circular';
    const problem = message(id, { alias: quote(`*${node.source}`) });
    walk.problems.add(createDiagnostic('yaml_alias', problem, markOf(node, walk)));
    return null;
  }
  walk.targets.set(node, target);
  return readNode(target, depth + 1, walk);
}

function contains(outer: Node, inner: Node): boolean {
  if (!outer.range || !inner.range) return false;
  return outer.range[0] <= inner.range[0] && inner.range[0] < outer.range[1];
}

function readSequence(node: YAMLSeq, depth: number, walk: Walk): unknown[] {
  return node.items.map((item) => readNode(item, depth + 1, walk));
}

function readMap(node: YAMLMap, depth: number, walk: Walk): Record<string, unknown> {
  const seen = new Map<string, Pair>();
  const entries = node.items.flatMap((pair) => {
    const key = readKey(pair, walk);
    if (key === undefined) return [];
    const first = seen.get(key);
    if (first === undefined) seen.set(key, pair);
    else {
      const related = { message: message('source.key_twice_first'), mark: markOfKey(first, walk) };
      const problem = message('source.key_twice', { key: quote(key) });
      walk.problems.add(createDiagnostic('duplicate_key', problem, markOfKey(pair, walk), { related }));
    }
    return [[key, readNode(pair.value, depth + 1, walk)] as const];
  });
  return Object.fromEntries(entries);
}

/** Undefined for a key that nothing can be made of; it is reported here and left out. */
function readKey(pair: Pair, walk: Walk): string | undefined {
  const { key } = pair;
  if (isScalar(key)) {
    if (typeof key.value === 'string') {
      if (key.value === '<<' && key.type === 'PLAIN') {
        const hint = message('source.merge_key_hint');
        walk.problems.add(
          createDiagnostic('yaml_merge_key', message('source.merge_key'), markOfKey(pair, walk), { hint }),
        );
        return undefined;
      }
      return key.value;
    }
    const text = key.source ?? String(key.value);
    const hint = message('source.quote_it', { text: withoutKeys(text) });
    const problem = message('source.key_not_text', { key: quote(text) });
    walk.problems.add(createDiagnostic('key_not_text', problem, markOfKey(pair, walk), { hint }));
    return text;
  }
  walk.problems.add(
    createDiagnostic('key_not_text', message('source.key_not_scalar'), markOfKey(pair, walk)),
  );
  return undefined;
}

function markOfKey({ key }: Pair, walk: Walk): Mark {
  return markOf(key as Node | null, walk);
}

function markOf(node: Node | null | undefined, walk: Walk): Mark {
  const range = node?.range;
  return range ? walk.markAt(range[0], range[1]) : walk.markAt(0, 1);
}

/** `text` is the source text of a scalar, as it was typed. */
interface Located {
  readonly mark: Mark;
  readonly text: string | undefined;
}

export interface YamlLocator {
  /** The value; where there is none, its key; where that is missing too, the nearest thing around it. */
  value(pointer: Pointer): Located;
  /** The key of the value; the value itself for an item of a list. */
  key(pointer: Pointer): Mark;
}

/** `targets`: what the aliases of the document stand for. */
export function createYamlLocator(
  document: Document,
  { markAt, targets }: { readonly markAt: Marker; readonly targets: AliasTargets },
): YamlLocator {
  const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  function indexOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = indexes.get(map);
    if (known !== undefined) return known;
    const pairs = map.items.map((pair) => [keyText(pair.key), pair] as const);
    const index = new Map(pairs);
    indexes.set(map, index);
    return index;
  }

  function keyText(key: unknown): string {
    return isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? '')) : '';
  }

  function follow(node: unknown): unknown {
    return isAlias(node) ? targets.get(node) : node;
  }

  function located(node: unknown, fallback: Located): Located {
    const range = (node as Node | null | undefined)?.range;
    if (!range || range[1] <= range[0]) return fallback;
    const text = isScalar(node) && node.source !== undefined ? node.source : undefined;
    return { mark: markAt(range[0], range[1]), text };
  }

  function walk(pointer: Pointer): { readonly key: Located; readonly value: Located } {
    const start: Located = { mark: markAt(0, 1), text: undefined };
    let node: unknown = document.contents;
    let key = start;
    let value = start;
    for (const step of pointer) {
      const container = follow(node);
      if (isMap(container)) {
        const pair = indexOf(container).get(String(step));
        if (pair === undefined) return { key: value, value };
        key = located(pair.key, value);
        node = pair.value;
        value = located(node, key);
      } else if (isSeq(container)) {
        node = container.items[Number(step)];
        value = located(node, value);
        key = value;
      } else {
        return { key: value, value };
      }
    }
    return { key, value };
  }

  return { value: (pointer) => walk(pointer).value, key: (pointer) => walk(pointer).key.mark };
}
