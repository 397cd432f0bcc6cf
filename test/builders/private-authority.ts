/** A certificate authority of one's own, made with openssl, and a certificate of it for `localhost`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface PrivateAuthority {
  /** The path of the authority's own certificate. */
  readonly file: string;
  readonly cert: string;
  readonly key: string;
}

export function createPrivateAuthority(folder: string, { days = 2 } = {}): PrivateAuthority {
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout'];
  openssl('req', '-x509', ...key, 'ca.key', '-subj', '/CN=Works CA', '-out', 'ca.pem', '-days', '9');
  openssl(
    ...['req', '-x509', ...key, 'leaf.key', '-subj', '/CN=localhost', '-out', 'leaf.pem'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=CA:FALSE'],
    ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', String(days)],
  );
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  return { file: path.join(folder, 'ca.pem'), cert: read('leaf.pem'), key: read('leaf.key') };
}
