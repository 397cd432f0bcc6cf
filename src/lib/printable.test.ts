import { describe, expect, it } from 'vitest';
import { forTerminal, onOneLine, printable } from './printable.ts';

const DECEIVING: readonly (readonly [string, string, string])[] = [
  ['a terminal sequence', '\u001b[2J', '\\u001b[2J'],
  ['C1', '\u009b1m', '\\u009b1m'],
  ['bidi override', '\u202e', '\\u202e'],
  ['bidi isolate', '\u2066', '\\u2066'],
  ['Arabic letter mark', '\u061c', '\\u061c'],
  ['zero-width space', '\u200b', '\\u200b'],
  ['word joiner', '\u2060', '\\u2060'],
  ['soft hyphen', '\u00ad', '\\u00ad'],
  ['byte order mark', '\ufeff', '\\ufeff'],
  ['line separator', '\u2028', '\\u2028'],
  ['Hangul filler', '\u3164', '\\u3164'],
  ['a tag character', '\u{e0041}', '\\udb40\\udc41'],
  ['a lone surrogate', '\ud800', '\\ud800'],
];

describe('printable', () => {
  it.each(DECEIVING)('shows %s as an escape', (_, text, shown) => {
    expect(printable(`a${text}b`)).toBe(`a${shown}b`);
  });

  it('writes escapes that JSON reads back', () => {
    for (const [, text] of DECEIVING) expect(JSON.parse(`"${printable(text)}"`)).toBe(text);
  });

  it.each(['订单回调应用', 'Ünïcode é', '⚠️ 🚀', 'a "b" \\ c'])('leaves %s alone', (text) => {
    expect(printable(text)).toBe(text);
    expect(onOneLine(text)).toBe(text);
  });
});

describe('onOneLine', () => {
  it.each(DECEIVING.slice(2))('puts a space in place of %s', (_, text) => {
    expect(onOneLine(`a${text}${text}b`)).toBe('a b');
  });

  it('joins lines', () => {
    expect(onOneLine('a\r\n\r\nb\u001b[2J')).toBe('a b [2J');
  });
});

describe('output for a terminal', () => {
  it('keeps what we write ourselves: lines, colours and the erasing of one', () => {
    const text = '\r\u001b[Ka \u001b[1mb\u001b[22m\n\u001b[38;5;1mc\n';
    expect(forTerminal(text)).toBe(text);
  });

  it.each([
    '\u001b[2J',
    '\u001b]0;title\u0007',
    '\u009b31m',
    '\u202e',
    '\u200b',
    '\u001b[1A',
    '\u001b[?1049h',
    '\u0008',
  ])('escapes all else: %j', (text) => {
    expect(forTerminal(text)).not.toContain(text);
  });

  it('leaves JSON what it means', () => {
    const value = { name: 'a\u202eb\u0085c\u{e0041}', list: ['\u2060'] };
    const shown = forTerminal(JSON.stringify(value, null, 2));
    expect(shown).not.toMatch(/[\u202e\u0085\u2060]/);
    expect(JSON.parse(shown)).toEqual(value);
  });
});
