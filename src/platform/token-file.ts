/** API tokens that are handed over as text: in a file that others rotate, or in an environment variable. */

import type { FileReader } from '../lib/file-reader.ts';
import { type Message, message } from '../messages/message.ts';
import { CredentialsError } from '../model/credentials.ts';
import { Secret } from '../model/secret.ts';
import type { TokenProvider } from './ports.ts';
import { readCredentialFile } from './read-credential-file.ts';

export interface TokenFileOptions {
  readonly path: string;
  readonly files: FileReader;
  /** Told once per change of the file when group or world may read it. */
  readonly onWarning: (warning: Message) => void;
}

/** Reads the file again whenever it changes, and after the platform refused the token. */
export function createTokenFile({ path, files, onWarning }: TokenFileOptions): TokenProvider {
  const name = message('platform.token_file', { path });
  let held: { readonly stamp: string; readonly token: Secret } | undefined;

  async function load(): Promise<Secret> {
    // The stamp is taken first: a file replaced between the two is read once more at the next call, never
    // missed.
    const stamp = (await files.identify(path))?.stamp;
    if (held !== undefined && held.stamp === stamp) return held.token;
    held = undefined;
    const file = {
      path,
      name,
      setting: 'coze.auth.token_file',
      tooLarge: 'platform.token_too_large',
    } as const;
    const token = parseToken(await readCredentialFile(file, { files, onWarning }), name);
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

/**
 * An empty value counts as unset. A refused token stays refused: a variable cannot change while the process
 * runs.
 */
export function createTokenFromEnvironment(variable: string, value: string | undefined): TokenProvider {
  const name = message('platform.variable', { variable });
  return {
    async current() {
      if (value === undefined || value.trim() === '') {
        throw new CredentialsError('unset', message('platform.credential_unset', { name }), {
          advice: message('platform.credential_unset_advice', { variable }),
        });
      }
      return parseToken(value, name);
    },
    renew: async () => false,
  };
}

/**
 * Takes surrounding white space away and refuses what cannot stand in a header. `name` is of where the text
 * was.
 */
function parseToken(text: string, name: Message): Secret {
  const token = text.replace(/^\uFEFF/, '').trim();
  if (token === '') {
    throw new CredentialsError('empty', message('platform.credential_empty', { name }), {
      advice: message('platform.credential_empty_advice'),
    });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CredentialsError('unreadable', message('platform.no_token_inside', { name }), {
      advice: message('platform.no_token_inside_advice'),
    });
  }
  return new Secret(token);
}
