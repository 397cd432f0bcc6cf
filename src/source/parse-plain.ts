/**
 * Parses a plain file, several times as fast as the parser that explains mistakes: text in, value and places out. A large one is
 * parsed between its entries, so that never more than a piece of it is held as events; a place within an entry is looked up by
 * parsing its piece once more. It takes nothing for granted: it gives nothing at all where anything is wrong or unusual.
 */

import { createMarker } from './create-marker.ts';
import { cutYaml, type Stretch, type YamlCut } from './cut-yaml.ts';
import { createEventLocator } from './locate-event.ts';
import type { YamlLocator } from './locate-yaml.ts';
import type { Mark, Marker, Pointer } from './mark.ts';
import { type PlainText, readPlainYaml } from './read-plain-yaml.ts';
import { VALUES_MAX } from './read-yaml-tree.ts';
import type { PlainYaml } from './yaml-library.ts';

export interface ParsedPlain {
  readonly value: unknown;
  readonly locate: YamlLocator;
}

interface Source {
  readonly library: PlainYaml;
  readonly text: string;
  readonly markAt: Marker;
}

/** Where the key of an entry stands, and in which piece. */
interface Place {
  readonly piece: Stretch;
  readonly key: Mark;
}

/**
 * Entries of this much text are parsed at a time, where that can be. A quiet round of 100,000 entries then peaks at 350 to 450 MB
 * instead of 610 to 640 MB, in the same time; smaller pieces and larger ones are no better.
 */
const PIECE_LENGTH = 65_536;

export function parsePlain(
  library: PlainYaml,
  file: { readonly path: string; readonly text: string },
  pieceLength = PIECE_LENGTH,
): ParsedPlain | undefined {
  const { path, text } = file;
  const source = { library, text, markAt: createMarker(path, text) };
  const cut = cutYaml(text, pieceLength);
  return cut === undefined ? parseWhole(source) : parsePieces(source, cut);
}

function parseWhole({ library, text, markAt }: Source): ParsedPlain | undefined {
  const plain = readPlainYaml(library, text);
  return plain && { value: detach(plain.value), locate: createEventLocator(library, plain, markAt) };
}

function parsePieces(source: Source, cut: YamlCut): ParsedPlain | undefined {
  const frame = readFrame(source, cut);
  if (frame === undefined || !hasEmptyApps(source, frame, cut)) return undefined;
  const entries: [key: string, value: unknown][] = [];
  const places = new Map<string, Place>();
  let { values } = frame;
  for (const piece of cut.pieces) {
    const plain = readPiece(source, piece);
    if (plain === undefined || !isBlockMapping(source.library, plain)) return undefined;
    const locate = locatePiece(source, piece, plain);
    for (const entry of Object.entries(detach(plain.value) as object)) {
      entries.push(entry);
      places.set(entry[0], { piece, key: locate.key([entry[0]]) });
    }
    // The mapping itself was counted with the frame.
    values += plain.values - 1;
  }
  // A key in two pieces, or more than may be read.
  if (places.size < entries.length || values > VALUES_MAX) return undefined;
  const value = { ...(detach(frame.value) as object), apps: Object.fromEntries(entries) };
  return { value, locate: locatePieces(source, cut, { frame, places }) };
}

/** The parser's texts are slices that hang on to all they were cut from; their copies do not. */
function detach(value: unknown): unknown {
  return structuredClone(value);
}

/** The file without its entries. */
function readFrame({ library, text }: Source, { body }: YamlCut): PlainText | undefined {
  return readPlainYaml(library, text.slice(0, body.start) + text.slice(body.end));
}

/** The entries between two cuts; in the file they are one level deep. */
function readPiece({ library, text }: Source, { start, end }: Stretch): PlainText | undefined {
  return readPlainYaml(library, text.slice(start, end), 1);
}

function isBlockMapping({ EVENT_ID, COLLECTION_STYLE }: PlainYaml, { events }: PlainText): boolean {
  const outermost = events[1];
  return outermost?.type === EVENT_ID.MAPPING && outermost.style === COLLECTION_STYLE.BLOCK;
}

/** Whether the line `apps:` really is a key of the outermost mapping, and the body was all that stood in it. */
function hasEmptyApps({ library, markAt }: Source, frame: PlainText, { key, body }: YamlCut): boolean {
  if (!isBlockMapping(library, frame)) return false;
  const { apps } = frame.value as { readonly apps?: unknown };
  const { line, column } = createEventLocator(library, frame, markAt).key(['apps']).position;
  const begin = markAt(key, body.start).position;
  return apps === null && line === begin.line && column === begin.column;
}

function locatePiece({ library, markAt }: Source, piece: Stretch, plain: PlainText): YamlLocator {
  return createEventLocator(library, plain, (from, to) => markAt(piece.start + from, piece.start + to));
}

function locatePieces(
  source: Source,
  { body }: YamlCut,
  { frame, places }: { readonly frame: PlainText; readonly places: ReadonlyMap<string, Place> },
): YamlLocator {
  const shift = (offset: number) => (offset < body.start ? offset : offset + body.end - body.start);
  const inFrame = createEventLocator(source.library, frame, (start, end) =>
    source.markAt(shift(start), shift(end)),
  );
  // Kept from the first question on: two pieces may be asked for in turn, once for each of thousands of entries.
  const opened = new Map<Stretch, YamlLocator>();

  function inPiece(piece: Stretch): YamlLocator {
    const known = opened.get(piece);
    if (known !== undefined) return known;
    const plain = readPiece(source, piece);
    const locate = plain === undefined ? inFrame : locatePiece(source, piece, plain);
    opened.set(piece, locate);
    return locate;
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
      return pointer.length === 2 ? place.key : inPiece(place.piece).key(pointer.slice(1));
    },
  };
}
