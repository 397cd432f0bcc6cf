import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonKeepingDigits } from './json-text.ts';

describe('parseJsonKeepingDigits', () => {
  it.each([
    ['{"id":7512345678901234567}', { id: '7512345678901234567' }],
    ['[-7512345678901234567 ,9007199254740993]', ['-7512345678901234567', '9007199254740993']],
    ['9007199254740993', '9007199254740993'],
    ['[9007199254740991]', [9007199254740991]],
    ['[12345678901234567.5,1e30]', [12345678901234568, 1e30]],
    [
      '{"7512345678901234567":"a 7512345678901234567, b"}',
      { '7512345678901234567': 'a 7512345678901234567, b' },
    ],
    [
      '{"a":"\\"7512345678901234567","b":7512345678901234567}',
      { a: '"7512345678901234567', b: '7512345678901234567' },
    ],
  ])('reads %s without losing a digit', (text, value) => {
    expect(parseJsonKeepingDigits(text)).toEqual(value);
  });

  it.each(['{7512345678901234567:1}', '[07512345678901234567]', '7512345678901234567 1', '', '{"a":1,}'])(
    'refuses %s as JSON.parse does',
    (text) => {
      expect(() => parseJsonKeepingDigits(text)).toThrow(SyntaxError);
    },
  );

  it('reads everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const hasLargeInteger = /\d{16}/.test(text);
        fc.pre(!hasLargeInteger);
        expect(parseJsonKeepingDigits(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('stands a string of megabytes', () => {
    const text = `{"a":${JSON.stringify('\\"'.repeat(1_000_000))},"id":7512345678901234567}`;
    expect((parseJsonKeepingDigits(text) as { id: string }).id).toBe('7512345678901234567');
  });
});
