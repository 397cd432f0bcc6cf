/**
 * The second net under the log: a value goes in, a copy without anything that looks like a credential comes out. The first
 * net is that secrets are `Secret`s and never given to the log at all.
 */

import { Secret } from '../model/secret.ts';
import { isSecretName, maskSecretShapes } from '../model/secret-shapes.ts';

const MASK = '[masked]';

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
    isSecretName(name) && member !== undefined ? MASK : redact(member, depth + 1),
  ]);
  return Object.fromEntries(members);
}

function redactText(text: string): string {
  return maskSecretShapes(text, MASK);
}
