/** The hash behind every digest and fingerprint: hex SHA-256 of a text. */

import { hash } from 'node:crypto';

export function sha256(text: string): string {
  return hash('sha256', text);
}
