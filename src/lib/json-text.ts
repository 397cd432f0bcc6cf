/**
 * Parses JSON without losing digits: integers that a double cannot hold exactly become strings. It throws
 * SyntaxError on what JSON.parse refuses, and accepts nothing beyond that.
 */

/** A number of 16 digits or more where a value can stand: cheap to look for, and rare in practice. */
const MAYBE_UNSAFE = /(?:^|[:,[\s])-?\d{16}/;
/** A string, to be stepped over, or a number with its fraction and exponent. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INTEGER = /^-?\d+$/;

/** Like `JSON.parse`, but an integer beyond 2^53 becomes the string of its digits. */
export function parseJsonKeepingDigits(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!MAYBE_UNSAFE.test(text)) return value;
  // The text is known to be valid here, so quoting a number cannot turn an error into a value.
  return JSON.parse(
    text.replace(STRING_OR_NUMBER, (token) =>
      INTEGER.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
    ),
  );
}
