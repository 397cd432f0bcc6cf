import { describe, expect, it } from 'vitest';
import { verbatim } from '../messages/message.ts';
import { PlatformError } from './calls.ts';
import { CredentialsError } from './credentials.ts';
import { assertNever, InternalError } from './invariant.ts';

describe('the errors of the model', () => {
  it('carry their cause beside their own words, where there is one', () => {
    const cause = new Error('the socket closed');
    const details = {
      kind: 'transient',
      operation: 'list_apps',
      message: verbatim('no answer'),
      attempts: 2,
    } as const;
    expect(new PlatformError(details, cause)).toMatchObject({ message: 'no answer', cause, details });
    expect('cause' in new PlatformError(details)).toBe(false);
  });

  it('say what to do about credentials', () => {
    const cause = new Error('ENOENT');
    const advice = verbatim('write one');
    const error = new CredentialsError('missing', verbatim('no token file'), { advice, cause });
    expect(error).toMatchObject({ problem: 'missing', message: 'no token file', advice, cause });
    expect('cause' in new CredentialsError('missing', verbatim('no token file'), { advice })).toBe(false);
  });

  it('name a value from outside the types', () => {
    expect(() => assertNever('bogus' as never)).toThrow(new InternalError('unexpected value "bogus"'));
  });
});
