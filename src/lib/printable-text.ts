/**
 * Makes text from the account or a file safe to show: control characters and characters that turn the reading direction
 * become visible escapes, so that a name can neither move the cursor nor disguise itself. Pure.
 */

const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}
