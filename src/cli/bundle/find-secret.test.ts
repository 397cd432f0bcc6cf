import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findSecret } from './secrets.ts';

const secret = 'pat_"Quoted"/0123+abc';
const known = [{ what: 'the token', text: secret }];

it.each([
  ['as it is', secret],
  ['as JSON', JSON.stringify({ a: secret })],
  ['percent-encoded', `?a=${encodeURIComponent(secret)}&b`],
  ['percent-encoded', secret.replace('_', '%5f')],
  ['in hex', Buffer.from(secret).toString('hex')],
  ['in hex', Buffer.from(secret).toString('hex').toUpperCase()],
])('finds a secret %s: %s', (form, text) => {
  expect(findSecret(`before ${text} after`, known)).toEqual({ what: 'the token', form });
});

it('finds it in base64 of either alphabet, whatever stands before and after it', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom<'base64' | 'base64url'>('base64', 'base64url'),
      (before, after, alphabet) => {
        const text = Buffer.concat([before, Buffer.from(secret), after]).toString(alphabet);
        expect(findSecret(text, known)?.form).toBe('in base64');
      },
    ),
  );
});

it('finds nothing in what holds none of them', () => {
  expect(findSecret('pat_"Quoted"/0123+ab 100% %zz', known)).toBeUndefined();
});
