/**
 * The lines of a configuration without what must not be shown: values below `auth`, `notify` and whatever is
 * called a token or a secret, and what looks like a key anywhere. It errs on the side of hiding.
 */

import { maskKeyLike, maskSecretShapes, SECRET_WORDS } from '../model/secret-shapes.ts';

const STARS = '***';
/** Keys that hold a secret, or say where one is: a token can be written into each of them by mistake. */
const PRIVATE_WORD = String.raw`auth|notify|[\w-]*token[\w-]*|[\w-]*(?:${SECRET_WORDS})s?`;
/** Tags and anchors may stand before a key. */
const PRIVATE_KEY = new RegExp(
  String.raw`^(\s*(?:- +)*(?:[&!]\S*\s+)*)(["']?)(${PRIVATE_WORD})\2(\s*:)(?:\s+(.*))?$`,
  'i',
);
const INLINE_KEY = new RegExp(
  String.raw`([{[,]\s*(?:[&!]\S*\s+)*["']?(?:${PRIVATE_WORD})["']?\s*:\s*)("[^"]*"(?=\s*[,}\]])|'[^']*'(?=\s*[,}\]])|[^\s"'{}[\],]+(?=\s*[,}\]])|.*$)`,
  'gi',
);
/** Below a private key, what is shown of a line: a key that the configuration knows. */
const KNOWN_KEY =
  /^(\s*(?:- +)*)(token_file|token_env|jwt|client_id|key_id|private_key_file|account_id|enterprise_id|session_name|name|format|url|url_file|url_env|secret_file|secret_env|on|language|max_per_hour|allow_http|dir)(\s*:)(?=\s|$)(.*)$/;
/** Keys in notations that hide what they are: explicit ones, and such with escapes. */
const OBSCURE_KEY = /^\s*(?:- +)*(?:[?:](?:\s|$)|"[^"]*\\)/;
const PEM = /-----BEGIN /;

/** Lines keep their number. */
export function maskSecrets(lines: readonly string[]): readonly string[] {
  let hidden: number | undefined;
  let isInPem = false;
  let depth = 0;
  return lines.map((line) => {
    const indent = line.length - line.trimStart().length;
    const isBlank = line.trim() === '';
    const wasInFlow = depth > 0;
    depth = Math.max(0, depth + countBrackets(line));
    if (PEM.test(line)) isInPem = true;
    if (isInPem) {
      if (/-----END /.test(line)) isInPem = false;
      return isBlank ? line : `${line.slice(0, indent)}${STARS}`;
    }
    const isItem = indent === hidden && /^\s*-(?:\s|$)/.test(line);
    if (hidden !== undefined && (isBlank || indent > hidden || isItem || wasInFlow)) return hideLine(line);
    hidden = undefined;
    if (OBSCURE_KEY.test(line)) {
      hidden = indent;
      return `${line.slice(0, indent)}${STARS}`;
    }
    const match = PRIVATE_KEY.exec(line);
    if (match === null) {
      const shown = maskInline(line);
      if (shown.isOpen) hidden = indent;
      return shown.line;
    }
    hidden = indent;
    const [, lead = '', mark = '', key = '', colon = '', value] = match;
    return `${lead}${mark}${key}${mark}${colon}${value ? ` ${STARS}` : ''}`;
  });
}

function hideLine(line: string): string {
  if (line.trim() === '') return line;
  const [, lead, key, colon, value = ''] = KNOWN_KEY.exec(line) ?? [];
  if (lead !== undefined) return `${lead}${key}${colon}${value.trim() === '' ? '' : ` ${STARS}`}`;
  return `${/^\s*/.exec(line)?.[0] ?? ''}${STARS}`;
}

/** `isOpen`: the value of a private key continues on the next line. */
function maskInline(line: string): { readonly line: string; readonly isOpen: boolean } {
  let isOpen = false;
  const masked = line.replaceAll(INLINE_KEY, (whole, key: string, value: string) => {
    const isRest = line.endsWith(whole);
    if (isRest && !/[}\]]\s*$/.test(value)) isOpen = true;
    if (isRest && countBrackets(whole) > 0) isOpen = true;
    return `${key}${STARS}`;
  });
  return { line: maskKeyLike(maskSecretShapes(masked, STARS), STARS), isOpen };
}

/** How many more brackets a line opens than it closes, quoted text aside. */
function countBrackets(line: string): number {
  const plain = line.replaceAll(/"[^"]*"|'[^']*'/g, '');
  return (plain.match(/[{[]/g) ?? []).length - (plain.match(/[}\]]/g) ?? []).length;
}
