/**
 * A parsed YAML document to a plain value: nodes in, objects, arrays and scalars out, with a Diagnostic for every key
 * that is repeated or no text, and for aliases that cannot be followed. Each mapping is walked once.
 */

import type { Diagnostic } from '../model/diagnostic.ts';
import { createDiagnostic, quote } from './create-diagnostic.ts';
import type { Mark, Marker } from './mark.ts';
import type { Alias, Document, Node, Pair, YAMLMap, YAMLSeq, Yaml } from './yaml-library.ts';

/** Values in one document, repeats by alias included: twice what the largest readable file can hold. */
export const VALUES_MAX = 2_000_000;
/** The configuration itself is at most six levels deep. */
export const DEPTH_MAX = 40;

export interface YamlTree {
  readonly value: unknown;
  /** False when something was left out, because it is too large or an alias leads nowhere. */
  readonly isWhole: boolean;
  /** What each alias stands for. */
  readonly targets: AliasTargets;
  readonly diagnostics: readonly Diagnostic[];
}

export type AliasTargets = WeakMap<Alias, Node>;

interface Walk {
  readonly yaml: Yaml;
  /** Anchors met so far, in the order of the text; the library's own look-up walks the document for each alias. */
  readonly anchors: Map<string, Node>;
  readonly met: WeakSet<Node>;
  readonly targets: AliasTargets;
  readonly markAt: Marker;
  readonly diagnostics: Diagnostic[];
  values: number;
  isOver: boolean;
  isTorn: boolean;
}

export function readYamlTree(yaml: Yaml, document: Document, markAt: Marker): YamlTree {
  const diagnostics: Diagnostic[] = [];
  const targets: AliasTargets = new WeakMap();
  const anchors = new Map<string, Node>();
  const met = new WeakSet<Node>();
  const walk: Walk = {
    yaml,
    anchors,
    met,
    targets,
    markAt,
    diagnostics,
    values: 0,
    isOver: false,
    isTorn: false,
  };
  const value = readNode(document.contents, 0, walk);
  return { value, isWhole: !walk.isOver && !walk.isTorn, targets, diagnostics };
}

function readNode(node: unknown, depth: number, walk: Walk): unknown {
  const { yaml } = walk;
  if (walk.isOver) return null;
  walk.values += 1;
  if (walk.values > VALUES_MAX || depth > DEPTH_MAX) {
    walk.isOver = true;
    const message =
      depth > DEPTH_MAX
        ? `the document is nested deeper than ${DEPTH_MAX} levels`
        : `the document stands for more than ${VALUES_MAX} values`;
    walk.diagnostics.push(createDiagnostic('yaml_too_large', message, markOf(node as Node, walk)));
    return null;
  }
  if (yaml.isAlias(node)) return readAlias(node, depth, walk);
  meetAnchor(node, walk);
  if (yaml.isMap(node)) return readMap(node, depth, walk);
  if (yaml.isSeq(node)) return readSequence(node, depth, walk);
  return yaml.isScalar(node) ? node.value : null;
}

/** An anchor counts where it stands, not where an alias repeats it. */
function meetAnchor(node: unknown, walk: Walk): void {
  if (!walk.yaml.isNode(node) || walk.yaml.isAlias(node) || node.anchor === undefined || walk.met.has(node))
    return;
  walk.met.add(node);
  walk.anchors.set(node.anchor, node);
}

function readAlias(node: Alias, depth: number, walk: Walk): unknown {
  const known = walk.targets.get(node);
  const target = known ?? walk.anchors.get(node.source);
  if (target === undefined || (known === undefined && contains(target, node))) {
    walk.isTorn = true;
    const name = quote(`*${node.source}`);
    const reason = target === undefined ? 'has no anchor before it' : 'contains itself';
    walk.diagnostics.push(createDiagnostic('yaml_alias', `the alias ${name} ${reason}`, markOf(node, walk)));
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
  const seen = new Map<string, Mark>();
  const entries = node.items.flatMap((pair) => {
    const mark = markOf(pair.key as Node, walk);
    const key = readKey(pair, mark, walk);
    if (key === undefined) return [];
    const first = seen.get(key);
    if (first === undefined) seen.set(key, mark);
    else {
      const diagnostic = createDiagnostic('duplicate_key', `the key ${quote(key)} is written twice`, mark, {
        related: { message: 'first written here', mark: first },
      });
      walk.diagnostics.push(diagnostic);
    }
    return [[key, readNode(pair.value, depth + 1, walk)] as const];
  });
  return Object.fromEntries(entries);
}

/** Undefined for a key that nothing can be made of; it is reported here and left out. */
function readKey(pair: Pair, mark: Mark, walk: Walk): string | undefined {
  const { key } = pair;
  if (walk.yaml.isScalar(key)) {
    if (typeof key.value === 'string') {
      if (key.value === '<<' && key.type === 'PLAIN') {
        const hint = 'Write the fields out; an alias for a whole value, such as `events: *common`, is fine.';
        const message = 'merge keys (`<<`) are not supported';
        walk.diagnostics.push(createDiagnostic('yaml_merge_key', message, mark, { hint }));
        return undefined;
      }
      return key.value;
    }
    const text = key.source ?? String(key.value);
    const hint = `Quote it: "${text}".`;
    const message = `the key ${quote(text)} is not a text`;
    walk.diagnostics.push(createDiagnostic('key_not_text', message, mark, { hint }));
    return text;
  }
  walk.diagnostics.push(createDiagnostic('key_not_text', 'a key must be a plain text', mark));
  return undefined;
}

function markOf(node: Node | null | undefined, walk: Walk): Mark {
  const range = node?.range;
  return range ? walk.markAt(range[0], range[1]) : walk.markAt(0, 1);
}
