/**
 * Reads a file that holds a token or a private key. Errors and warnings name the file, never what is in it.
 */

import type { FileReader, ReadFailure } from '../lib/file-reader.ts';
import { type Message, message } from '../messages/message.ts';
import { CredentialsError } from '../model/credentials.ts';
import { assertNever } from '../model/invariant.ts';

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
