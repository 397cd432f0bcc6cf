import { describe, expect, it } from 'vitest';
import { message, verbatim } from './message.ts';
import { createTranslator, say } from './say.ts';

describe('messages', () => {
  it('puts a message that is a parameter into words first', () => {
    expect(say(message('verbatim', { text: verbatim('inner') }))).toBe('inner');
  });

  it('translates at once where a text is shown where it is made', () => {
    const translate = createTranslator('en');
    expect(translate('verbatim', { text: 'as it is' })).toBe('as it is');
  });

  it('speaks Chinese, and shows text from outside as it is', () => {
    expect(say(message('notify.more', { count: 2 }), 'zh')).toBe('另有 2 项');
    expect(say(verbatim('as it is'), 'zh')).toBe('as it is');
  });

  it('refuses an id that no catalogue has', () => {
    expect(() => say({ id: 'no.such.id' as 'verbatim' })).toThrow('no message no.such.id in en');
  });
});
