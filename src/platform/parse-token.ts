/** The text of a token file or variable to a Secret, or a CredentialsError that does not show it. Pure. */
import { CredentialsError } from '../model/credentials.ts';
import { Secret } from '../model/secret.ts';

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
