/** Finds where a value of a parsed document stands: a pointer in, a mark out. It looks up only what it is asked for. */

import type { Mark, Marker, Pointer } from './mark.ts';
import type { AliasTargets } from './read-yaml-tree.ts';
import type { Document, Node, Pair, YAMLMap, Yaml } from './yaml-library.ts';

/** `text` is the source text of a scalar, as it was typed. */
export interface Located {
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
  yaml: Yaml,
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
    return yaml.isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? '')) : '';
  }

  function follow(node: unknown): unknown {
    return yaml.isAlias(node) ? targets.get(node) : node;
  }

  function located(node: unknown, fallback: Located): Located {
    const range = (node as Node | null | undefined)?.range;
    if (!range || range[1] <= range[0]) return fallback;
    const text = yaml.isScalar(node) && node.source !== undefined ? node.source : undefined;
    return { mark: markAt(range[0], range[1]), text };
  }

  function walk(pointer: Pointer): { readonly key: Located; readonly value: Located } {
    const start: Located = { mark: markAt(0, 1), text: undefined };
    let node: unknown = document.contents;
    let key = start;
    let value = start;
    for (const step of pointer) {
      const container = follow(node);
      if (yaml.isMap(container)) {
        const pair = indexOf(container).get(String(step));
        if (pair === undefined) return { key: value, value };
        key = located(pair.key, value);
        node = pair.value;
        value = located(node, key);
      } else if (yaml.isSeq(container)) {
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
