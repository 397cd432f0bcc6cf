/**
 * The gate that every text of a reply passes before anything else sees it: what is known to be secret is
 * masked in every form it may be quoted in, and so is what could be one.
 */

import { maskSecretShapes } from '../model/secret-shapes.ts';
import { createSecretIndex } from './secret-index.ts';

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
