import { describe, expect, it } from 'vitest';
import { type Html, html } from './html.ts';

describe('html', () => {
  it('escapes every value, in text and in attributes', () => {
    const hostile = `<script>alert("1" + '2')</script>&amp;`;
    const escaped = '&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt;&amp;amp;';
    expect(html`<p title="${hostile}">${hostile}</p>`.toString()).toBe(
      `<p title="${escaped}">${escaped}</p>`,
    );
  });

  it('escapes what stands in a list, however deep', () => {
    expect(html`<ul>${[['<i>'], html`<li>${'<b>'}</li>`]}</ul>`.toString()).toBe(
      '<ul>&lt;i&gt;<li>&lt;b&gt;</li></ul>',
    );
  });

  it('takes nothing for HTML that it did not make', () => {
    const lookAlike = { toString: () => '<script>' };
    expect(() => html`${lookAlike as unknown as Html}`.toString()).toThrow(TypeError);
    expect(html`${html`<b>`.toString()}`.toString()).toBe('&lt;b&gt;');
  });

  it.each([
    { value: null, shown: '' },
    { value: undefined, shown: '' },
    { value: false as const, shown: '' },
    { value: 0, shown: '0' },
    { value: '', shown: '' },
    { value: Number.NaN, shown: 'NaN' },
  ])('shows $value as "$shown"', ({ value, shown }) => {
    expect(html`${value}`.toString()).toBe(shown);
  });

  it('makes visible what would turn the reading direction or move a cursor', () => {
    expect(html`${'a\u202eb\u0000c\u2028'}`.toString()).toBe(String.raw`a\u202eb\u0000c\u2028`);
  });
});
