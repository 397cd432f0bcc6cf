/**
 * Parses a file that was cut between its entries, piece by piece: only values and the places of the entries' keys are kept,
 * and a place within an entry is looked up by parsing its piece once more. It takes nothing for granted: it gives nothing at
 * all where anything is wrong or unusual, and the file then has to be parsed as a whole, which also says what is wrong.
 */

import { createMarker } from './create-marker.ts';
import type { Stretch, YamlCut } from './cut-yaml.ts';
import { createYamlLocator, type YamlLocator } from './locate-yaml.ts';
import type { Marker, Pointer } from './mark.ts';
import { readYamlTree, VALUES_MAX, type YamlTree } from './read-yaml-tree.ts';
import type { Document, Pair, Scalar, Yaml } from './yaml-library.ts';

/** A text, and how the library is told to parse it. */
export interface YamlSource {
  readonly path: string;
  readonly text: string;
  readonly yaml: Yaml;
  readonly parse: (text: string) => Document;
}

/** A part of the text, parsed for itself; its places are those in the file. */
interface Part {
  readonly document: Document;
  readonly tree: YamlTree;
  readonly markAt: Marker;
}

interface Place extends Stretch {
  readonly piece: Stretch;
}

export function parsePieces(
  source: YamlSource,
  cut: YamlCut,
): { readonly value: unknown; readonly locate: YamlLocator } | undefined {
  const markAt = createMarker(source.path, source.text);
  const frame = readFrame(source, cut, markAt);
  if (!hasEmptyApps(source, frame, cut)) return undefined;
  const entries: [key: string, value: unknown][] = [];
  const places = new Map<string, Place>();
  let { values } = frame.tree;
  for (const piece of cut.pieces) {
    const { document, tree } = readPiece(source, piece, markAt);
    const pairs = plainPairs(source, { document, tree });
    if (pairs === undefined) return undefined;
    for (const { key } of pairs) {
      const [start, end] = key.range ?? [0, 0];
      places.set(key.value, { piece, start: piece.start + start, end: piece.start + end });
    }
    // The parser's texts hang on to all that they were cut and glued from; their copies do not.
    for (const entry of Object.entries(structuredClone(tree.value) as object)) entries.push(entry);
    // The mapping itself was counted with the frame.
    values += tree.values - 1;
  }
  // A key in two pieces, or more than may be read.
  if (places.size < entries.length || values > VALUES_MAX) return undefined;
  const value = { ...(frame.tree.value as object), apps: Object.fromEntries(entries) };
  return { value, locate: createPiecesLocator({ source, markAt, frame, places }) };
}

/** The file without its entries. */
function readFrame(source: YamlSource, { body }: YamlCut, markAt: Marker): Part {
  const shift = (offset: number) => (offset < body.start ? offset : offset + body.end - body.start);
  return readPart(source, {
    text: source.text.slice(0, body.start) + source.text.slice(body.end),
    depth: 0,
    markAt: (start, end) => markAt(shift(start), shift(end)),
  });
}

/** The entries between two cuts; in the file they are one level deep. */
function readPiece(source: YamlSource, { start, end }: Stretch, markAt: Marker): Part {
  return readPart(source, {
    text: source.text.slice(start, end),
    depth: 1,
    markAt: (from, to) => markAt(start + from, start + to),
  });
}

function readPart(
  { yaml, parse }: YamlSource,
  part: { readonly text: string; readonly depth: number; readonly markAt: Marker },
): Part {
  const document = parse(part.text);
  return { document, tree: readYamlTree(yaml, document, part), markAt: part.markAt };
}

/** Whether the line `apps:` really is a key of the outermost mapping, and the body was all that stood in it. */
function hasEmptyApps(source: YamlSource, frame: Part, cut: YamlCut): boolean {
  const pair = plainPairs(source, frame)?.find(({ key }) => key.range?.[0] === cut.key);
  const value = pair?.value;
  if (!source.yaml.isScalar(value)) return false;
  return value.value === null && value.source === '' && value.tag === undefined;
}

/** The pairs of a block mapping; nothing where it is anything else, or anything in it is wrong or has an anchor. */
function plainPairs(
  { yaml }: YamlSource,
  { document, tree }: Omit<Part, 'markAt'>,
): readonly Pair<Scalar<string>>[] | undefined {
  const { contents, errors, warnings } = document;
  if (errors.length + warnings.length + tree.diagnostics.length > 0 || tree.hasAnchors) return undefined;
  return yaml.isMap<Scalar<string>>(contents) && contents.flow !== true ? contents.items : undefined;
}

function createPiecesLocator(parts: {
  readonly source: YamlSource;
  readonly markAt: Marker;
  readonly frame: Part;
  readonly places: ReadonlyMap<string, Place>;
}): YamlLocator {
  const { source, markAt, frame, places } = parts;
  const locatorOf = (part: Part) =>
    createYamlLocator(source.yaml, part.document, { markAt: part.markAt, targets: part.tree.targets });
  const inFrame = locatorOf(frame);
  // What is asked for mostly comes in the order of the file.
  let last: { readonly piece: Stretch; readonly locate: YamlLocator } | undefined;

  function inPiece(piece: Stretch): YamlLocator {
    if (last?.piece !== piece) last = { piece, locate: locatorOf(readPiece(source, piece, markAt)) };
    return last.locate;
  }

  function placeOf([top, key]: Pointer): Place | undefined {
    return top === 'apps' && key !== undefined ? places.get(String(key)) : undefined;
  }

  return {
    value(pointer) {
      const place = placeOf(pointer);
      return place === undefined ? inFrame.value(pointer) : inPiece(place.piece).value(pointer.slice(1));
    },
    key(pointer) {
      const place = placeOf(pointer);
      if (place === undefined) return inFrame.key(pointer);
      // Asked for each entry, in whichever order.
      if (pointer.length === 2) return markAt(place.start, place.end);
      return inPiece(place.piece).key(pointer.slice(1));
    },
  };
}
