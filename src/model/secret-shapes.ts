/**
 * Patterns and field names of credentials: the one table for logs, code frames, messages and bundles.
 */

/**
 * A field whose name ends so holds a secret itself; `token_file` only says where one is. A part of a pattern.
 */
export const SECRET_WORDS =
  'authorization|cookie|assertion|token|secret|password|passwd|credential|private_?key|api_?key';
const SECRET_NAME = new RegExp(`(?:${SECRET_WORDS})s?$`, 'i');

/** `lead` and `tail` say what kind of credential stood there and stay; what is between them is masked. */
const SHAPES: readonly RegExp[] = [
  // Tokens of the platform: personal, service, OAuth by JWT, OAuth of a user.
  /\b(?<lead>(?:pat|sat|czs|czu)_)(?!\[masked\])[^\s"',}\]]{6,}/g,
  /\b(?<lead>(?:Bearer|Basic) )\s*(?!\[masked\])[\w.~+/=:-]{6,}/gi,
  // JSON Web Tokens.
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // A verify_token is 64 letters and digits; a digest is 64 lower-case hex digits and stays.
  /\b(?![0-9a-f]{64}\b)[A-Za-z0-9]{64}\b/g,
  // User and password in a URL.
  /(?<lead>:\/\/)(?!\[masked\]@|\*\*\*@)[^\s/@"']+(?<tail>@)/g,
];

/**
 * Names of people's making, such as `Order-Callback-2026-v2`, change less often between kinds of characters.
 */
const CHANGES_MIN = 6;

/** Whether the value of a field of this name is a secret whatever it looks like. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The text with `mask` in place of whatever looks like a credential. */
export function maskSecretShapes(text: string, mask: string): string {
  return SHAPES.reduce(
    (masked, shape) =>
      masked.replace(shape, (...match: unknown[]) => {
        const { lead = '', tail = '' } = (match.at(-1) ?? {}) as { lead?: string; tail?: string };
        return `${lead}${mask}${tail}`;
      }),
    text,
  );
}

/** The text with stars for the values of queries in its URLs, where people keep keys; their names stay. */
export function maskQueries(text: string): string {
  return text.replaceAll(/(https?:\/\/[^\s?#"'<>]*)([?#][^\s"'<>]*)/gi, (_, place: string, rest: string) => {
    const masked = rest.replaceAll(
      /([?#&;])([^=&#;]*=)?([^&#;]+)/g,
      (__, mark: string, name = '') => `${mark}${name}***`,
    );
    return `${place}${masked}`;
  });
}

/**
 * The text with `mask` for each word that is more likely a key than a name: in texts where no long word is
 * needed.
 */
export function maskKeyLike(text: string, mask: string): string {
  return text.replaceAll(/[\w+~-]{16,}={0,2}/g, (word) => (isKeyLike(word) ? mask : word));
}

/**
 * Whether the last part of the text, between slashes, looks like a token or key, rather than the name of a
 * file or variable that holds one.
 */
export function looksLikeToken(text: string): boolean {
  if (/^https?:\/\//i.test(text) || text.includes('-----BEGIN')) return true;
  const name =
    text
      .replaceAll(/\$\{\w+\}/g, '')
      .split(/[/\\]/)
      .at(-1) ?? '';
  const stem = name.replace(/\.[a-z]{1,6}$/, '');
  return /^(?:pat|sat|czs|czu)_/.test(text) || (stem.match(/[\w+~-]{16,}={0,2}/g) ?? []).some(isKeyLike);
}

/**
 * 16 or more letters and digits without a break, of both kinds; or one that changes between them again and
 * again.
 */
function isKeyLike(word: string): boolean {
  if (/^\d+$/.test(word)) return false;
  const isMixed = (word.match(/[A-Za-z0-9]{16,}/g) ?? []).some(
    (run) => /\d/.test(run) && /[A-Za-z]/.test(run),
  );
  if (isMixed) return true;
  const changes = word.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])/g) ?? [];
  return changes.length >= CHANGES_MIN;
}
