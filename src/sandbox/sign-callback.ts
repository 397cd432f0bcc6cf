/** The platform's callback signature. */

import { createHash } from 'node:crypto';

export interface SignedParts {
  /** Milliseconds since the epoch, as sent in `X-Coze-Timestamp`. */
  readonly timestamp: string;
  readonly nonce: string;
  /** The app's verify_token. */
  readonly token: string;
  /** The body exactly as it is on the wire. */
  readonly body: string;
}

/**
 * Lower-case hex of plain SHA-1 over timestamp, nonce, token and raw body, without separators. The vendor's
 * page labels it "HMAC/SHA1" once; both of its code samples are plain SHA-1, and so is this.
 */
export function signCallback({ timestamp, nonce, token, body }: SignedParts): string {
  return createHash('sha1').update(`${timestamp}${nonce}${token}${body}`, 'utf8').digest('hex');
}
