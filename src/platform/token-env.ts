/**
 * The API token from an environment variable, whose value comes in as plain text. It cannot change while the process runs,
 * so a refused token stays refused. An empty value counts as unset.
 */
import { CredentialsError } from '../model/credentials.ts';
import { parseToken } from './parse-token.ts';
import type { TokenProvider } from './ports.ts';

export function createTokenFromEnvironment(variable: string, value: string | undefined): TokenProvider {
  return {
    async current() {
      if (value === undefined || value.trim() === '') {
        throw new CredentialsError('unset', `the environment variable ${variable} is not set`, {
          advice: `set ${variable} to an API token, or use coze.auth.token_file`,
        });
      }
      return parseToken(value, `the environment variable ${variable}`);
    },
    renew: async () => false,
  };
}
