/**
 * Keeps what must not be shown out of code frames: the lines of a file in, the same lines with secrets
 * starred out. It errs on the side of hiding; the configuration has no field that holds a secret, so nothing
 * useful is lost.
 */

import { maskSecretShapes, SECRET_WORDS } from '../model/secret-shapes.ts';

const STARS = '***';
/** A key that names a secret itself, not the place of one: `token:` but not `token_file:`. */
const SECRET_KEY = new RegExp(
  String.raw`^(\s*(?:- +)?)(["']?)([\w-]*(?:${SECRET_WORDS})s?)\2(\s*:)(?:\s+(.*))?$`,
  'i',
);
const INLINE_SECRET = new RegExp(
  String.raw`([{,]\s*["']?[\w-]*(?:${SECRET_WORDS})s?["']?\s*:\s*)("[^"]*"?|'[^']*'?|[^,}\]]*)`,
  'gi',
);
const PEM = /-----BEGIN /;

/**
 * Lines keep their number; a line that belongs to a secret's value is starred out from where the value
 * begins.
 */
export function maskSecrets(lines: readonly string[]): readonly string[] {
  let secretIndent: number | undefined;
  let isInPem = false;
  return lines.map((line) => {
    const indent = line.length - line.trimStart().length;
    if (PEM.test(line)) isInPem = true;
    const belongsToSecret = secretIndent !== undefined && (line.trim() === '' || indent > secretIndent);
    if (belongsToSecret || isInPem) {
      if (/-----END /.test(line)) isInPem = false;
      return line.trim() === '' ? line : `${line.slice(0, indent)}${STARS}`;
    }
    secretIndent = undefined;
    const match = SECRET_KEY.exec(line);
    if (match === null) return maskLine(line);
    secretIndent = indent;
    const [, lead = '', mark = '', key = '', colon = '', value] = match;
    return `${lead}${mark}${key}${mark}${colon}${value ? ` ${STARS}` : ''}`;
  });
}

function maskLine(line: string): string {
  return maskSecretShapes(line.replaceAll(INLINE_SECRET, `$1${STARS}`), STARS);
}
