/**
 * The OAuth token endpoint: checks a signed JWT as the vendor's page demands (RS256, key id, audience without
 * scheme, expiry, single-use jti) and issues a short-lived access token. Errors have that endpoint's own
 * shape. Never prints a token.
 */

import { decodeProtectedHeader, importSPKI, type JWTPayload, jwtVerify } from 'jose';
import type { Permission } from '../../src/sandbox/access.ts';
import type { Answer } from '../../src/sandbox/answer.ts';
import type { TokenExchange } from '../../src/sandbox/handle-request.ts';
import type { SandboxRequest } from '../../src/sandbox/protocol.ts';

/** An OAuth app of an account. */
interface OauthClient {
  readonly clientId: string;
  /** The fingerprint of its public key. */
  readonly keyId: string;
  /** SPKI PEM. */
  readonly publicKey: string;
  readonly account: string;
  readonly permissions?: readonly Permission[];
  /** When present, only the routes of this account or enterprise work for it. */
  readonly holderId?: string;
}

export interface TokenExchangeOptions {
  readonly clients: readonly OauthClient[];
  /**
   * Accepted `aud` claims: hosts without a scheme. Any when absent, because a test's port is not known
   * before.
   */
  readonly audiences?: readonly string[];
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

type OauthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'access_deny'
  | 'internal_error';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Stated on the vendor's OAuth JWT page, in seconds. */
const DURATION_DEFAULT = 900;
const DURATION_MAX = 86_399;
/** Undocumented; common verifiers tolerate a minute. */
const IAT_AHEAD_MS_MAX = 60_000;
const HOLDER_IN_PATH = /\/(?:account|enterprise_id)\/([^/]+)\/token$/;

/** Remembers every jti until its JWT has expired. */
export function createTokenExchange(options: TokenExchangeOptions): TokenExchange {
  const { clients, random } = options;
  const usedJtis = new Map<string, number>();
  let issued = 0;
  return async (request, { grant, now }) => {
    const wish = readWish(request);
    if (typeof wish === 'string') return fail(wish, 'the request body is wrong');
    const client = findClient(request, clients);
    if (client === undefined) return fail('invalid_client', 'no OAuth app has this key');
    const claims = await verify(request, client, { now, audiences: options.audiences });
    if (typeof claims === 'string') return fail('invalid_client', claims);
    forgetExpired(usedJtis, now);
    const jti = claims.jti ?? '';
    if (jti === '' || usedJtis.has(jti)) return fail('invalid_request', 'jti is missing or was used before');
    usedJtis.set(jti, (claims.exp ?? 0) * 1000);
    const holder = HOLDER_IN_PATH.exec(request.path)?.[1];
    if (holder !== client.holderId) return fail('access_deny', 'the OAuth app belongs to another holder');
    issued += 1;
    const token = `czs_${issued}_${Math.floor(random() * 2 ** 48).toString(36)}`;
    const expiresAt = now + wish.seconds * 1000;
    grant({ token, account: client.account, permissions: client.permissions, expiresAt });
    // `expires_in` is an instant in seconds, not a duration: the vendor's page and its clients agree on that.
    const body = { access_token: token, expires_in: Math.floor(expiresAt / 1000), token_type: 'Bearer' };
    return { kind: 'plain', status: 200, body };
  };
}

function readWish({ body }: SandboxRequest): { readonly seconds: number } | OauthError {
  let wish: Readonly<Record<string, unknown>>;
  try {
    wish = JSON.parse(body) as Readonly<Record<string, unknown>>;
  } catch {
    return 'invalid_request';
  }
  if (wish['grant_type'] !== GRANT_TYPE) return 'unsupported_grant_type';
  const seconds = wish['duration_seconds'] ?? DURATION_DEFAULT;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1 || seconds > DURATION_MAX) {
    return 'invalid_request';
  }
  return { seconds };
}

const bearerOf = ({ headers }: SandboxRequest): string =>
  headers['authorization']?.replace(/^Bearer /, '') ?? '';

function findClient(request: SandboxRequest, clients: readonly OauthClient[]): OauthClient | undefined {
  try {
    const { kid } = decodeProtectedHeader(bearerOf(request));
    return clients.find((client) => client.keyId === kid);
  } catch {
    return undefined;
  }
}

/** The claims, or what is wrong with the JWT. */
async function verify(
  request: SandboxRequest,
  client: OauthClient,
  { now, audiences }: { readonly now: number; readonly audiences: readonly string[] | undefined },
): Promise<JWTPayload | string> {
  try {
    const key = await importSPKI(client.publicKey, 'RS256');
    const { payload } = await jwtVerify(bearerOf(request), key, {
      algorithms: ['RS256'],
      issuer: client.clientId,
      requiredClaims: ['aud', 'exp', 'iat', 'jti'],
      currentDate: new Date(now),
      ...(audiences === undefined ? {} : { audience: [...audiences] }),
    });
    if (String(payload.aud).includes('/')) return 'aud is the host without a scheme';
    return (payload.iat ?? 0) * 1000 > now + IAT_AHEAD_MS_MAX ? 'iat is in the future' : payload;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function forgetExpired(jtis: Map<string, number>, now: number): void {
  for (const [jti, expiresAt] of jtis) {
    if (expiresAt < now) jtis.delete(jti);
  }
}

function fail(error: OauthError, message: string): Answer {
  const status = error === 'internal_error' ? 500 : error === 'invalid_client' ? 401 : 400;
  return { kind: 'plain', status, body: { error_code: error, error_message: message, error } };
}
