import { describe, expect, it } from 'vitest';
import { isSameUrl } from './compare-url.ts';

describe('isSameUrl', () => {
  it.each([
    ['https://a.example.com', 'https://a.example.com/', 'an empty path is /'],
    ['HTTPS://A.Example.com/x', 'https://a.example.com/x', 'scheme and host have no case'],
    ['https://a.example.com:443/x', 'https://a.example.com/x', '443 is the default of https'],
    ['http://a.example.com:80/', 'http://a.example.com', '80 is the default of http'],
    ['https://a.example.com/%e8%ae', 'https://a.example.com/%E8%AE', 'percent-encoding has no case'],
    ['https://例え.jp/', 'https://xn--r8jz45g.jp/', 'a host may be spelled in its own script'],
    ['not a url', 'not a url', 'equal texts are equal, whatever they are'],
  ])('takes %s and %s for the same: %s', (left, right) => {
    expect(isSameUrl(left, right)).toBe(true);
    expect(isSameUrl(right, left)).toBe(true);
  });

  it.each([
    ['https://a.example.com/x', 'https://a.example.com/x/', 'a trailing slash may reach another receiver'],
    ['https://a.example.com/X', 'https://a.example.com/x', 'paths have case'],
    ['https://a.example.com/a%2Fb', 'https://a.example.com/a/b', 'an encoded slash is not a slash'],
    ['https://a.example.com/?a=1&b=2', 'https://a.example.com/?b=2&a=1', 'the query is not ours to sort'],
    ['https://a.example.com:8443/', 'https://a.example.com/', 'another port is another receiver'],
    ['http://a.example.com/', 'https://a.example.com/', 'another scheme is another receiver'],
    ['not a url', 'Not a url', 'what is no URL is compared as it is'],
  ])('keeps %s and %s apart: %s', (left, right) => {
    expect(isSameUrl(left, right)).toBe(false);
  });
});
