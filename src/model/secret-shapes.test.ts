import { describe, expect, it } from 'vitest';
import { looksLikeToken, maskKeyLike, maskQueries } from './secret-shapes.ts';

describe('the values of a query', () => {
  it.each([
    ['https://h.example/a?token=abc&x=1#f', 'https://h.example/a?token=***&x=***#***'],
    ['https://h.example/a?abc', 'https://h.example/a?***'],
    ['HTTP://h.example?k=a;b=c', 'HTTP://h.example?k=***;b=***'],
    ['https://h.example/a', 'https://h.example/a'],
    [
      'from https://h.example/?a=b to https://h.example/?c=d',
      'from https://h.example/?a=*** to https://h.example/?c=***',
    ],
  ])('are masked in %s', (text, masked) => {
    expect(maskQueries(text)).toBe(masked);
    expect(maskQueries(masked)).toBe(masked);
  });
});

describe('a word that is more likely a key than a name', () => {
  it.each([
    'SECRET-0123456789abcdef0123456789abcdef',
    'Zk3vX9qLm2RtY7wBn5JcH8',
    'AKIA5Q2ZX7WJ4T8P3N6M',
    'a-B3_cD-9xY_k2-Lm8z',
  ])('is masked: %s', (word) => {
    expect(maskKeyLike(`near ${word}.`, '***')).toBe('near ***.');
    expect(looksLikeToken(`keys/${word}`)).toBe(true);
  });

  it.each([
    '7512345678901234567',
    'production-callback-orders-2026',
    'Order-Callback-Production-V2',
    'COZE_API_TOKEN_OF_ACCOUNT_2',
    'bot.published',
  ])('is not seen in %s', (word) => {
    expect(maskKeyLike(word, '***')).toBe(word);
    expect(looksLikeToken(word)).toBe(false);
  });
});
