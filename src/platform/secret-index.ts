/** Finds pieces of known secrets in a text, in time that does not depend on how many are known. */

/** So many characters of a secret in a row are taken for it. */
const PIECE = 12;
/** Any piece holds a whole block, wherever it begins, when blocks are cut at multiples of their length. */
const BLOCK = 6;
/** Shorter pieces are ordinary words. */
const SECRET_LENGTH_MIN = 8;
/** A piece of fewer different characters could occur in any text. */
const VARIETY_MIN = 5;
/** Enough for 30,000 verify_tokens; beyond it, those that were seen longest ago are given up. */
const CHARACTERS_MAX = 2_000_000;

type Span = readonly [start: number, end: number];

export interface SecretIndex {
  /** One that is known already counts as seen last. Lines of a PEM text are known one by one. */
  add(secret: string): void;
  isEmpty(): boolean;
  /** Rising, without overlaps; letters of either case are equal. */
  findSpans(text: string): readonly Span[];
}

export function createSecretIndex(): SecretIndex {
  /** In the order in which they were seen last. */
  const known = new Set<string>();
  let characters = 0;
  /** Where each block stands, and those that are to be indexed before the next search. */
  let blocks = new Map<string, { readonly secret: string; readonly at: number }[]>();
  let waiting: string[] = [];

  function remember(secret: string): void {
    if (secret.length < SECRET_LENGTH_MIN) return;
    if (known.delete(secret)) return void known.add(secret);
    known.add(secret);
    waiting.push(secret);
    characters += secret.length;
    if (characters <= CHARACTERS_MAX) return;
    for (const oldest of known) {
      if (characters <= CHARACTERS_MAX / 2) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
    blocks = new Map();
    waiting = [...known];
  }

  function indexWaiting(): void {
    for (const secret of waiting) {
      for (let at = 0; at + BLOCK <= secret.length; at += BLOCK) {
        const block = secret.slice(at, at + BLOCK);
        const places = blocks.get(block);
        if (places === undefined) blocks.set(block, [{ secret, at }]);
        else places.push({ secret, at });
      }
    }
    waiting = [];
  }

  function spansAt(text: string, start: number): readonly Span[] {
    const places = blocks.get(text.slice(start, start + BLOCK)) ?? [];
    return places
      .map(({ secret, at }) => matchAround(text, start, { secret, at }))
      .filter((span) => span !== undefined);
  }

  return {
    add(secret) {
      const lines = secret.includes('-----BEGIN ')
        ? secret.split(/\r?\n/).filter((line) => !line.startsWith('---'))
        : [secret];
      for (const line of lines) remember(line.trim().toLowerCase());
    },
    isEmpty: () => known.size === 0,
    findSpans(original) {
      indexWaiting();
      const text = lowerCase(original);
      const spans: Span[] = [];
      for (let start = 0; start + BLOCK <= text.length; start += 1) spans.push(...spansAt(text, start));
      return joinSpans(spans);
    },
  };
}

/** Lower case that keeps every character at its place; some letters have a longer one. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** How far text and secret agree around a block of both; undefined when that says nothing. */
function matchAround(
  text: string,
  start: number,
  { secret, at }: { secret: string; at: number },
): Span | undefined {
  let before = 0;
  while (before < at && before < start && text[start - before - 1] === secret[at - before - 1]) before += 1;
  let length = BLOCK;
  while (at + length < secret.length && text[start + length] === secret[at + length]) length += 1;
  const span: Span = [start - before, start + length];
  const isWhole = before + length === secret.length;
  if (isWhole) return span;
  const isPiece = before + length >= PIECE && new Set(text.slice(...span)).size >= VARIETY_MIN;
  return isPiece ? span : undefined;
}

function joinSpans(spans: readonly Span[]): readonly Span[] {
  const joined: [number, number][] = [];
  for (const [start, end] of [...spans].sort(([left], [right]) => left - right)) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}
