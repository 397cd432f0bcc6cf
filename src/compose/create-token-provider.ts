/** Picks the source of the API token that the settings name. */

import type { Clock } from '../lib/clock.ts';
import { hostFiles } from '../lib/file-reader.ts';
import type { Transport } from '../lib/http-transport.ts';
import type { PlatformSettings } from '../model/settings.ts';
import type { TokenProvider } from '../platform/ports.ts';
import { createTokenFromEnvironment } from '../platform/token-env.ts';
import { createTokenFile } from '../platform/token-file.ts';

export interface TokenProviderDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly transport: Transport;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (message: string) => void;
}

export function createTokenProvider({ auth }: PlatformSettings, deps: TokenProviderDeps): TokenProvider {
  const { environment, onWarning } = deps;
  switch (auth.kind) {
    case 'token_file':
      return createTokenFile({ path: auth.path, files: hostFiles, onWarning });
    case 'token_env':
      return createTokenFromEnvironment(auth.variable, environment[auth.variable]);
    case 'jwt':
      throw new Error('not wired yet');
  }
}
