/** Picks the source of the API token that the settings name. */

import { randomBytes } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import { hostFiles } from '../lib/file-reader.ts';
import type { Transport } from '../lib/http-transport.ts';
import type { Message } from '../messages/message.ts';
import type { PlatformSettings } from '../model/settings.ts';
import type { OnCall, TokenProvider } from '../platform/ports.ts';
import { createTokenFile, createTokenFromEnvironment } from '../platform/token-file.ts';

export interface TokenProviderDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly transport: Transport;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  readonly onCall: OnCall;
  readonly onWarning: (warning: Message) => void;
}

/** The platform wants a `jti` of at least 32 bytes that it never saw before. */
const JTI_BYTES = 32;

export function createTokenProvider(
  { auth, baseUrl, timeoutMs }: PlatformSettings,
  deps: TokenProviderDeps,
): TokenProvider {
  const { environment, onWarning } = deps;
  switch (auth.kind) {
    case 'token_file':
      return createTokenFile({ path: auth.path, files: hostFiles, onWarning });
    case 'token_env':
      return createTokenFromEnvironment(auth.variable, environment[auth.variable]);
    case 'jwt':
      return createLazily(async () => {
        const { createTokenFromJwt } = await import('../platform/token-jwt.ts');
        const newJti = () => randomBytes(JTI_BYTES).toString('hex');
        return createTokenFromJwt({ ...deps, auth, baseUrl, timeoutMs, files: hostFiles, newJti });
      });
  }
}

/** Loads the provider at its first use, so that nobody pays for the OAuth flow who does not use it. */
function createLazily(load: () => Promise<TokenProvider>): TokenProvider {
  let loading: Promise<TokenProvider> | undefined;
  const provider = () => {
    loading ??= load();
    return loading;
  };
  return {
    current: async () => (await provider()).current(),
    renew: async (refused) => (await provider()).renew(refused),
  };
}
