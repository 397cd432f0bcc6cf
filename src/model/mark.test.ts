import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAppId } from './identity.ts';
import { createNonce, cutName, foldName, markName, parseFoldedMark, parseMarkedName, tagOf } from './mark.ts';
import { readMark } from './observed.ts';
import { Secret } from './secret.ts';

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((all) => all.join(''));
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 140 });
const mark = { tag: 'ab12', nonce: '0badcafe' };

describe('a marked name', () => {
  it('is the name, cb, 4 digits of the lineage and 8 of the nonce', () => {
    expect(markName('订单回调应用', mark)).toBe('订单回调应用-cbab120badcafe');
    expect(parseMarkedName('订单回调应用-cbab120badcafe')).toEqual({ base: '订单回调应用', mark });
  });

  it('has at most 128 code points, whatever the name', () => {
    expect([...markName('长'.repeat(128), mark)]).toHaveLength(128);
    expect([...markName('😀'.repeat(128), mark)]).toHaveLength(128);
    expect(cutName('x'.repeat(113))).toBe('x'.repeat(113));
    fc.assert(fc.property(name, (text) => [...markName(text, mark)].length <= 128));
  });

  it('is read back as it was made', () => {
    fc.assert(
      fc.property(name, hex(4), hex(8), (text, tag, nonce) => {
        expect(parseMarkedName(markName(text, { tag, nonce }))).toEqual({
          base: cutName(text),
          mark: { tag, nonce },
        });
      }),
    );
  });

  it.each(['Orders', 'Orders-cb', 'Orders-cbab120badcaf', 'Orders-cbab120badcafg', '-cbab120badcafe'])(
    '%s is none',
    (text) => expect(parseMarkedName(text)).toBeUndefined(),
  );

  it('is known by its nonce after a platform changed case, width and punctuation', () => {
    for (const changed of ['ORDERS CB AB12 0BADCAFE', 'orders_cbab120badcafe', 'Ｏrders－ｃｂab120badcafe']) {
      expect(parseFoldedMark(foldName(changed))).toEqual(mark);
    }
    expect(parseFoldedMark(foldName('Orders'))).toBeUndefined();
  });
});

it('takes its digits from the lineage, and has none without one', () => {
  expect(tagOf('12abcdef')).toBe('12ab');
  expect(tagOf('')).toBe('');
  expect(createNonce(() => 0.999)).toBe('ffffffff');
});

it('is never part of the name of an observed app, and no connector app has one', () => {
  const app = { id: asAppId('1'), name: 'Orders-cbab120badcafe', verifyToken: new Secret('t') };
  expect(readMark({ ...app, appType: 'normal' })).toMatchObject({ name: 'Orders', mark });
  expect(readMark({ ...app, appType: 'connector' })).toMatchObject({ name: app.name });
});
