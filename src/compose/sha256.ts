/** The hash behind every digest and fingerprint: hex SHA-256 of a text. */

import { createHash } from 'node:crypto';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
