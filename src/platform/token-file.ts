/**
 * The API token from a file that others rotate. A path goes in, the current token comes out, read again whenever the file
 * changes and after the platform refused it. It never shows the content in an error.
 */
import type { FileStamp, TextFiles } from '../lib/text-file.ts';
import { CredentialsError, type CredentialsProblem } from '../model/credentials.ts';
import { Secret } from '../model/secret.ts';
import type { TokenProvider } from './ports.ts';

export interface TokenFileOptions {
  readonly path: string;
  readonly files: TextFiles;
  /** Told once per change when group or world may read the file. */
  readonly onWarning: (message: string) => void;
}

/** Tokens of every kind are far shorter; a longer file is something else. */
const TOKEN_BYTES_MAX = 16 * 1024;
const READABLE_BY_OTHERS = 0o044;

export function createTokenFile({ path, files, onWarning }: TokenFileOptions): TokenProvider {
  let held: { readonly stamp: FileStamp; readonly token: Secret } | undefined;

  async function load(): Promise<Secret> {
    try {
      // The stamp is taken first: a file replaced between the two is then read once more, never missed.
      const stamp = await files.stamp(path);
      if (held !== undefined && isSameStamp(held.stamp, stamp)) return held.token;
      const token = parseToken(await files.read(path, TOKEN_BYTES_MAX), `the token file ${path}`);
      if ((stamp.mode & READABLE_BY_OTHERS) !== 0) {
        onWarning(`the token file ${path} can be read by others: chmod 600 it`);
      }
      held = { stamp, token };
      return token;
    } catch (error) {
      held = undefined;
      throw error instanceof CredentialsError ? error : describeReadFailure(path, error);
    }
  }

  return {
    current: load,
    async renew(refused) {
      held = undefined;
      return (await load()).reveal() !== refused.reveal();
    },
  };
}

/** Takes surrounding white space away and refuses what cannot stand in a header. `source` names it in errors. */
export function parseToken(text: string, source: string): Secret {
  const token = text.replace(/^\uFEFF/, '').trim();
  if (token === '') {
    throw new CredentialsError('empty', `${source} is empty`, { advice: 'put an API token there' });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CredentialsError('unreadable', `${source} holds something that is no token`, {
      advice: 'put the bare token there: one line, no quotes, no "Bearer"',
    });
  }
  return new Secret(token);
}

function isSameStamp(left: FileStamp, right: FileStamp): boolean {
  return left.inode === right.inode && left.bytes === right.bytes && left.modifiedMs === right.modifiedMs;
}

function describeReadFailure(path: string, cause: unknown): CredentialsError {
  const code = (cause as { code?: unknown } | null)?.code;
  const problem: CredentialsProblem = code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
  const message =
    problem === 'missing'
      ? `the token file ${path} does not exist`
      : `the token file ${path} cannot be read (${String(code ?? 'unknown reason')})`;
  const advice =
    problem === 'missing' ? 'create it, or correct coze.auth.token_file' : 'check its permissions';
  return new CredentialsError(problem, message, { advice, cause });
}
