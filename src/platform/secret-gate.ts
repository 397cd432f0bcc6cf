/**
 * The gate that every text of a reply passes before anything else sees it: what is known to be secret is
 * masked in every form it may be quoted in, and so is what could be one.
 */

import { maskSecretShapes } from '../model/secret-shapes.ts';

export interface SecretGate {
  /** Masks these from now on, other than those that are too short to be told from ordinary text. */
  know(...secrets: readonly string[]): void;
  /**
   * For text that is only shown: known secrets, what looks like one, and long runs that nobody can vouch for.
   */
  text(text: string): string;
  /**
   * For a value that is compared, such as a name or a URL: known secrets only, so that a plain one stays as
   * it is.
   */
  value(text: string): string;
  holdsSecret(text: string): boolean;
  /** The log id of a reply; undefined where the value is none by its shape, or holds a secret. */
  logid(value: unknown): string | undefined;
}

const MASK = '[secret]';
/** Longer texts are cut before they are searched: nothing that is shown is as long. */
const TEXT_LENGTH_MAX = 8_192;
/** Encodings inside of encodings that are looked through. */
const DEPTH_MAX = 3;

/** `%41`, `\u0041`, `\x41`, `&#65;`, `&#x41;`: what else can stand for a character. */
const ESCAPE = String.raw`%[0-9a-f]{2}|\\+u[0-9a-f]{4}|\\+x[0-9a-f]{2}|&#\d{1,4};|&#x[0-9a-f]{1,4};`;
const ESCAPES = new RegExp(ESCAPE, 'gi');
const ESCAPED_RUN = new RegExp(
  String.raw`(?:${ESCAPE}|[\w.~+/=:-])*(?:${ESCAPE})(?:${ESCAPE}|[\w.~+/=:-])*`,
  'gi',
);
/** Twelve bytes in hex, also with separators, and in base64 of either alphabet. */
const HEX_RUN = /(?:[0-9a-f]{2}[ :-]?){11,}[0-9a-f]{2}[0-9a-f]?/gi;
const BASE64_RUN = /[\w+/-]{15,}={0,2}/g;

/**
 * 40 or more characters as tokens are made of; a path has slashes, and is told apart by its plain letters.
 */
const TOKEN_RUN = /[\w+/=~-]{40,}/g;
/**
 * A second and 18 or 20 hex digits, or `02`, milliseconds and hex digits: what the platform's own look like.
 */
const LOGID = /^(?:20\d{12}[0-9A-Fa-f]{8,26}|02\d{10,14}[0-9a-f]{8,48})$/;
/** Log ids of another make are kept while they are too short to hold a key. */
const SHORT_LOGID = /^[\w.:-]{1,24}$/;

export function createSecretGate(): SecretGate {
  const index = createSecretIndex();

  function holds(text: string, depth: number): boolean {
    if (index.findSpans(text).length > 0) return true;
    return depth > 0 && decodings(text).some((decoded) => holds(decoded, depth - 1));
  }

  function maskEncoded(text: string, run: RegExp, decode: (run: string) => readonly string[]): string {
    return text.replace(run, (found) =>
      decode(found).some((decoded) => holds(decoded, DEPTH_MAX - 1)) ? MASK : found,
    );
  }

  function value(text: string): string {
    if (index.isEmpty() || !/\S{8}/.test(text)) return text;
    let masked = maskSpans(text, index.findSpans(text));
    masked = maskEncoded(masked, ESCAPED_RUN, (run) => [unescapeText(run)]);
    masked = maskEncoded(masked, HEX_RUN, decodeHex);
    return maskEncoded(masked, BASE64_RUN, decodeBase64);
  }

  const holdsSecret = (text: string) => value(text) !== text;
  return {
    know(...secrets) {
      for (const secret of secrets) index.add(secret);
    },
    value,
    holdsSecret,
    text(text) {
      const known = value(text.slice(0, TEXT_LENGTH_MAX));
      return maskSecretShapes(known, MASK).replace(TOKEN_RUN, (run) => (isHarmless(run) ? run : MASK));
    },
    logid(value) {
      if (typeof value !== 'string' || holdsSecret(value)) return undefined;
      const isShaped = LOGID.test(value) || SHORT_LOGID.test(value);
      return isShaped && maskSecretShapes(value, MASK) === value ? value : undefined;
    },
  };
}

function isHarmless(run: string): boolean {
  if (LOGID.test(run) || /^\d+$/.test(run) || /^(.)\1*$/.test(run)) return true;
  return run.includes('/') && !(/[A-Z]/.test(run) && /\d/.test(run));
}

function maskSpans(text: string, spans: readonly (readonly [number, number])[]): string {
  let masked = '';
  let at = 0;
  for (const [start, end] of spans) {
    masked += `${text.slice(at, start)}${MASK}`;
    at = end;
  }
  return masked + text.slice(at);
}

/** What the text may stand for in another encoding. */
function decodings(text: string): readonly string[] {
  return [
    ...(text.match(ESCAPED_RUN) ?? []).map(unescapeText),
    ...(text.match(HEX_RUN) ?? []).flatMap(decodeHex),
    ...(text.match(BASE64_RUN) ?? []).flatMap(decodeBase64),
  ];
}

function unescapeText(text: string): string {
  return text.replace(ESCAPES, (written) => {
    const digits = /[0-9a-f]+(?=;?$)/i.exec(written)?.[0] ?? '';
    return String.fromCharCode(Number.parseInt(digits, /^&#\d/.test(written) ? 10 : 16));
  });
}

/** Both ways to pair the digits: others may stand before those of the secret. */
function decodeHex(run: string): readonly string[] {
  const digits = run.replaceAll(/[ :-]/g, '');
  return [digits, digits.slice(1)].map((text) => Buffer.from(text, 'hex').toString('latin1'));
}

/** All four ways to group the characters: others may stand before those of the secret. */
function decodeBase64(run: string): readonly string[] {
  return [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), 'base64').toString('latin1'));
}

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

interface SecretIndex {
  /** One that is known already counts as seen last. Lines of a PEM text are known one by one. */
  add(secret: string): void;
  isEmpty(): boolean;
  /** Rising, without overlaps; letters of either case are equal. */
  findSpans(text: string): readonly Span[];
}

/** Finds pieces of known secrets in a text, in time that does not depend on how many are known. */
function createSecretIndex(): SecretIndex {
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
