/**
 * API tokens by the OAuth JWT flow: short-lived, renewed before they expire, one exchange at a time.
 * Time is the server's, as its Date header tells it. Facts: the vendor's page "OAuth JWT", and how its SDKs
 * read the reply.
 */

import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { FileReader } from '../lib/file-reader.ts';
import type { Transport } from '../lib/http-transport.ts';
import { type Message, message } from '../messages/message.ts';
import { CredentialsError } from '../model/credentials.ts';
import { Secret } from '../model/secret.ts';
import type { AuthSettings } from '../model/settings.ts';
import { type Exchanged, exchangeJwt } from './exchange-jwt.ts';
import type { OnCall, TokenProvider } from './ports.ts';
import type { SecretGate } from './secret-gate.ts';
import { readCredentialFile } from './token-file.ts';

export interface TokenJwtOptions {
  readonly auth: Extract<AuthSettings, { kind: 'jwt' }>;
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly transport: Transport;
  readonly files: FileReader;
  readonly clock: Clock;
  readonly random: () => number;
  /** A fresh random text of at least 32 bytes: the platform takes each one once. */
  readonly newJti: () => string;
  readonly userAgent: string;
  readonly onCall: OnCall;
  readonly onWarning: (warning: Message) => void;
  readonly gate: SecretGate;
}

/** A token minted less than this ago is not refused for its age, so another one would not help. */
const RENEW_MS_MIN = 60_000;
/** Beyond this a warning is logged: the platform refuses a JWT whose times are off by a few minutes. */
const SKEW_MS_TOLD = 30_000;

interface HeldToken {
  readonly token: Secret;
  /** On this host's clock. */
  readonly mintedAt: number;
  /** On the server's clock. */
  readonly staleAt: number;
}

export function createTokenFromJwt(options: TokenJwtOptions): TokenProvider {
  const { auth, clock } = options;
  let held: HeldToken | undefined;
  let minting: Promise<Secret> | undefined;
  let skewMs = 0;

  async function exchangeAt(serverNow: number): Promise<Exchanged> {
    const file = {
      path: auth.privateKeyFile,
      name: message('platform.private_key_file', { path: auth.privateKeyFile }),
      setting: 'coze.auth.jwt.private_key_file',
      tooLarge: 'platform.private_key_too_large',
    } as const;
    const pem = await readCredentialFile(file, options);
    options.gate.know(pem);
    const key = readPrivateKey(pem, file.path);
    const newJwt = () =>
      signJwt({ auth, key, audience: new URL(options.baseUrl).host, serverNow, jti: options.newJti() });
    return exchangeJwt(newJwt, options);
  }

  /** Notes what the server's clock says; true when it differs enough to have been the reason of a refusal. */
  function noteSkew(measuredMs: number | undefined): boolean {
    if (measuredMs === undefined || Math.abs(measuredMs - skewMs) < SKEW_MS_TOLD) return false;
    skewMs = measuredMs;
    const seconds = Math.round(Math.abs(measuredMs) / 1_000);
    const id = measuredMs > 0 ? 'platform.clock_behind' : 'platform.clock_ahead';
    options.onWarning(message(id, { seconds }));
    return true;
  }

  async function mint(): Promise<Secret> {
    let exchanged = await exchangeAt(clock.now() + skewMs);
    if (noteSkew(exchanged.skewMs) && !exchanged.ok) exchanged = await exchangeAt(clock.now() + skewMs);
    if (!exchanged.ok) throw exchanged.error;
    const mintedAt = clock.now();
    const lifeMs = exchanged.expiresAt - (mintedAt + skewMs);
    const token = new Secret(exchanged.accessToken);
    held = { token, mintedAt, staleAt: exchanged.expiresAt - marginMs(lifeMs) };
    return token;
  }

  function mintOnce(): Promise<Secret> {
    minting ??= mint().finally(() => {
      minting = undefined;
    });
    return minting;
  }

  return {
    async current() {
      if (held !== undefined && clock.now() + skewMs < held.staleAt) return held.token;
      return mintOnce();
    },
    async renew(refused) {
      if (held !== undefined && held.token.reveal() !== refused.reveal()) return true;
      if (held !== undefined && clock.now() - held.mintedAt < RENEW_MS_MIN) return false;
      return (await mintOnce()).reveal() !== refused.reveal();
    },
  };
}

/** How long before it expires a token is renewed; the figures of the vendor's Go and Java SDKs. */
function marginMs(lifeMs: number): number {
  if (lifeMs >= 600_000) return 30_000;
  return lifeMs >= 60_000 ? 10_000 : 5_000;
}

interface JwtClaims {
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

/**
 * The signed assertion of the OAuth JWT flow, RS256 as the platform asks. The signing library is loaded on
 * first use.
 */
async function signJwt({ auth, key, audience, serverNow, jti }: JwtClaims): Promise<string> {
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
function readPrivateKey(pem: string, path: string): KeyObject {
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
