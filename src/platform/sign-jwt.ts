/**
 * The signed assertion of the OAuth JWT flow, RS256 as the platform asks. The signing library is loaded on
 * first use.
 */

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { message } from '../messages/message.ts';
import { CredentialsError } from '../model/credentials.ts';
import type { AuthSettings } from '../model/settings.ts';

export interface JwtClaims {
  readonly auth: Extract<AuthSettings, { kind: 'jwt' }>;
  readonly key: KeyObject;
  /** The API's host without a scheme. */
  readonly audience: string;
  /** Milliseconds since the epoch on the platform's clock. */
  readonly serverNow: number;
  readonly jti: string;
}

/** The assertion is used at once; ten minutes forgive a clock that is a little off. */
const JWT_SECONDS = 600;

export async function signJwt({ auth, key, audience, serverNow, jti }: JwtClaims): Promise<string> {
  const { SignJWT } = await import('jose');
  const issuedAt = Math.floor(serverNow / 1_000);
  const session = auth.sessionName === undefined ? {} : { session_name: auth.sessionName };
  return new SignJWT(session)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: auth.keyId })
    .setIssuer(auth.clientId)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + JWT_SECONDS)
    .setJti(jti)
    .sign(key);
}

/** Takes PKCS#8 and PKCS#1 PEM. Throws CredentialsError, without the key or the library's words about it. */
export function readPrivateKey(pem: string, path: string): KeyObject {
  const name = message('platform.private_key_file', { path });
  const advice = message('platform.key_advice');
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new CredentialsError('unreadable', message('platform.no_key_inside', { name }), { advice, cause });
  }
  if (key.asymmetricKeyType === 'rsa') return key;
  throw new CredentialsError('unreadable', message('platform.no_rsa_key_inside', { name }), { advice });
}
