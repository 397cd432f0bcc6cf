/**
 * The hash behind digests, fingerprints and checksums: hex SHA-256 of a text, or of the texts that `parts`
 * gives one after the other.
 */

import { createHash, hash } from 'node:crypto';

export function sha256(parts: string | Iterable<string>): string {
  if (typeof parts === 'string') return hash('sha256', parts);
  const hashing = createHash('sha256');
  for (const part of parts) hashing.update(part);
  return hashing.digest('hex');
}
