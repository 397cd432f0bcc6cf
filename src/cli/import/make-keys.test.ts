import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAppId } from '../../model/identity.ts';
import { type Keyless, makeKeys } from './draft-entries.ts';

/** `propertyNames` of `apps` in schema/config.schema.json. */
const KEY = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]{0,62}$/u;

function keysOf(names: readonly (string | undefined)[], taken: readonly string[] = []): string[] {
  const apps = names.map((name, index) => ({ id: asAppId(`7512345678900000${index}01`), name }));
  return [...makeKeys(apps, new Set(taken)).values()];
}

describe('a key made from a name', () => {
  it.each([
    ['订单回调应用', '订单回调应用'],
    ['Orders Callback (prod)', 'orders-callback-prod'],
    ['  --x__y. ', 'x__y'],
    ['***', 'app-000001'],
    [undefined, 'app-000001'],
    ['é\u0301', 'é\u0301'.normalize('NFC')],
  ])('of %j is %s', (name, key) => {
    const [made] = [...makeKeys([{ id: asAppId('7512345678000001'), name }], new Set()).values()];
    expect(made).toBe(key);
  });

  it('gets the end of the id where names are equal, for all of them, or where the key is taken', () => {
    expect(keysOf(['A', 'a', 'b'], ['b'])).toEqual(['a-000001', 'a-000101', 'b-000201']);
  });

  it('is valid, unique, not taken, and independent of the order of the apps', () => {
    const app = fc.record({
      id: fc.stringMatching(/^[1-9]\d{18}$/).map(asAppId),
      name: fc.option(fc.string({ unit: 'binary', maxLength: 128 }), { nil: undefined }),
    });
    const apps = fc.uniqueArray(app, { selector: ({ id }) => id, maxLength: 20 });
    fc.assert(
      fc.property(
        apps,
        fc.array(fc.constantFrom<string>('a', 'b', 'app-1')),
        (some: readonly Keyless[], taken) => {
          const keys = makeKeys(some, new Set(taken));
          expect([...keys.values()].filter((key) => !KEY.test(key) || taken.includes(key))).toEqual([]);
          expect(new Set(keys.values()).size).toBe(some.length);
          const again = makeKeys([...some].reverse(), new Set(taken));
          expect(new Map([...again].sort())).toEqual(new Map([...keys].sort()));
        },
      ),
    );
  });
});
