/**
 * What credentials look like and what they are called: the one table for logs, code frames, messages and
 * bundles.
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

/** Whether the whole text looks like an access token, rather than the name of a place where one is kept. */
export function looksLikeToken(text: string): boolean {
  return /^(?:pat|sat|czs|czu)_[^/\\]*$/.test(text);
}
