/** API tokens that are handed over as text: in a file that others rotate, or in an environment variable. */

import type { FileReader, ReadFailure } from '../lib/file-reader.ts';
import { type Message, message } from '../messages/message.ts';
import { CredentialsError } from '../model/credentials.ts';
import { assertNever } from '../model/invariant.ts';
import { Secret } from '../model/secret.ts';
import type { TokenProvider } from './ports.ts';

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

export interface CredentialFile {
  readonly path: string;
  /** The file as messages call it. */
  readonly name: Message;
  /** The setting that names it. */
  readonly setting: string;
  /** The message for a file that is too large. */
  readonly tooLarge: 'platform.token_too_large' | 'platform.private_key_too_large';
}

/** Tokens and keys of every kind are far shorter; a longer file is something else. */
const BYTES_MAX = 64 * 1024;
const READABLE_BY_OTHERS = 0o044;

/** Rejects with a CredentialsError that says what is wrong and what to do. */
export async function readCredentialFile(
  file: CredentialFile,
  { files, onWarning }: { readonly files: FileReader; readonly onWarning: (warning: Message) => void },
): Promise<string> {
  const { path, name } = file;
  const content = await files.read(path, BYTES_MAX);
  if (!content.ok) throw explainReadFailure(content.failure, file);
  const mode = (await files.identify(path))?.mode ?? 0;
  if ((mode & READABLE_BY_OTHERS) !== 0) onWarning(message('platform.readable_by_others', { name }));
  return Buffer.from(content.bytes).toString('utf8');
}

function explainReadFailure(
  failure: ReadFailure,
  { name, setting, tooLarge }: CredentialFile,
): CredentialsError {
  const advice = message('platform.correct_setting', { setting });
  switch (failure.reason) {
    case 'missing':
      return new CredentialsError('missing', message('platform.credential_missing', { name }), {
        advice: message('platform.create_or', { advice }),
      });
    case 'directory':
      return new CredentialsError('unreadable', message('platform.credential_directory', { name }), {
        advice,
      });
    case 'not_a_file':
      return new CredentialsError('unreadable', message('platform.credential_no_file', { name }), { advice });
    case 'too_large':
      return new CredentialsError('unreadable', message(tooLarge, { name }), { advice });
    case 'refused':
      return new CredentialsError(
        'unreadable',
        message('platform.credential_unreadable', { name, code: failure.code }),
        { advice: message('platform.credential_unreadable_advice') },
      );
    default:
      return assertNever(failure);
  }
}
