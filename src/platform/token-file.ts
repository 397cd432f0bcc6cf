/**
 * The API token from a file that others rotate. A path goes in, the current token comes out, read again whenever the file
 * changes and after the platform refused it. It never shows the content in an error.
 */
import type { FileReader } from '../lib/file-reader.ts';
import type { Secret } from '../model/secret.ts';
import { parseToken } from './parse-token.ts';
import type { TokenProvider } from './ports.ts';
import { readCredentialFile } from './read-credential-file.ts';

export interface TokenFileOptions {
  readonly path: string;
  readonly files: FileReader;
  /** Told once per change of the file when group or world may read it. */
  readonly onWarning: (message: string) => void;
}

export function createTokenFile({ path, files, onWarning }: TokenFileOptions): TokenProvider {
  let held: { readonly stamp: string; readonly token: Secret } | undefined;

  async function load(): Promise<Secret> {
    // The stamp is taken first: a file replaced between the two is read once more at the next call, never missed.
    const stamp = (await files.identify(path))?.stamp;
    if (held !== undefined && held.stamp === stamp) return held.token;
    held = undefined;
    const file = { path, setting: 'coze.auth.token_file', what: 'token' };
    const token = parseToken(await readCredentialFile(file, { files, onWarning }), `the token file ${path}`);
    if (stamp !== undefined) held = { stamp, token };
    return token;
  }

  return {
    current: load,
    async renew(refused) {
      held = undefined;
      return (await load()).reveal() !== refused.reveal();
    },
  };
}
