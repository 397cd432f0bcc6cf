/**
 * A file with a token or a private key to its text, or a CredentialsError that names the file, the reason and the way out.
 * It warns when others may read the file, and never shows what is in it.
 */
import type { FileReader, ReadFailure } from '../lib/file-reader.ts';
import { CredentialsError } from '../model/credentials.ts';
import { assertNever } from '../model/invariant.ts';

export interface CredentialFile {
  readonly path: string;
  /** The setting that names it. */
  readonly setting: string;
  /** `token` or `private key`. */
  readonly what: string;
}

/** Tokens and keys of every kind are far shorter; a longer file is something else. */
const BYTES_MAX = 64 * 1024;
const READABLE_BY_OTHERS = 0o044;

export async function readCredentialFile(
  file: CredentialFile,
  { files, onWarning }: { readonly files: FileReader; readonly onWarning: (message: string) => void },
): Promise<string> {
  const name = `the ${file.what} file ${file.path}`;
  const content = await files.read(file.path, BYTES_MAX);
  if (!content.ok) throw describeReadFailure(content.failure, file, name);
  const mode = (await files.identify(file.path))?.mode ?? 0;
  if ((mode & READABLE_BY_OTHERS) !== 0) onWarning(`${name} can be read by others: chmod 600 it`);
  return Buffer.from(content.bytes).toString('utf8');
}

function describeReadFailure(failure: ReadFailure, file: CredentialFile, name: string): CredentialsError {
  const advice = `correct ${file.setting}`;
  switch (failure.reason) {
    case 'missing':
      return new CredentialsError('missing', `${name} does not exist`, { advice: `create it, or ${advice}` });
    case 'directory':
      return new CredentialsError('unreadable', `${name} is a directory`, { advice });
    case 'not_a_file':
      return new CredentialsError('unreadable', `${name} is not a regular file`, { advice });
    case 'too_large':
      return new CredentialsError('unreadable', `${name} is too large to be a ${file.what}`, { advice });
    case 'refused':
      return new CredentialsError('unreadable', `${name} cannot be read (${failure.code})`, {
        advice: 'let the user that callbackd runs as read it',
      });
    default:
      return assertNever(failure);
  }
}
