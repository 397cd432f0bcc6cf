/**
 * The second net under the log: a value goes in, a copy without anything that looks like a credential comes out. The first
 * net is that secrets are `Secret`s and never given to the log at all.
 */

import { Secret } from '../model/secret.ts';

const MASK = '[masked]';

/** Members whose value is masked whatever it looks like. */
const SECRET_NAME =
  /^(authorization|cookie|password|secret|token|(access|refresh|verify|api)_?token|api_?key|private_?key|assertion)$/i;

/** What credentials look like, and what stays of them. */
const SECRET_SHAPES: readonly { readonly shape: RegExp; readonly left: string }[] = [
  // Tokens of the platform: personal, service, OAuth by JWT, OAuth of a user.
  { shape: /\b(pat|sat|czs|czu)_[\w.~+/=-]{6,}/g, left: `$1_${MASK}` },
  { shape: /\b(Bearer|Basic)\s+(?!\[masked\])[\w.~+/=:-]{6,}/gi, left: `$1 ${MASK}` },
  // JSON Web Tokens.
  { shape: /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, left: MASK },
  { shape: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, left: MASK },
  // A verify_token is 64 letters and digits; a digest is 64 lower-case hex digits and stays.
  { shape: /\b(?![0-9a-f]{64}\b)[A-Za-z0-9]{64}\b/g, left: MASK },
  // User and password in a URL.
  { shape: /:\/\/[^\s/@:]*:[^\s/@]+@/g, left: `://${MASK}@` },
];

/** Errors nest by `cause`; nothing that is logged on purpose is deeper. */
const DEPTH_MAX = 8;

/** A copy of a JSON-like value, fit for JSON. What is nested too deeply is masked as a whole. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Secret) return MASK;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return MASK;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const members = Object.entries(value).map(([name, member]) => [
    redactText(name),
    SECRET_NAME.test(name) && member !== undefined ? MASK : redact(member, depth + 1),
  ]);
  return Object.fromEntries(members);
}

function redactText(text: string): string {
  return SECRET_SHAPES.reduce((masked, { shape, left }) => masked.replace(shape, left), text);
}
