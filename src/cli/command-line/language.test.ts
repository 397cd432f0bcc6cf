import { expect, it } from 'vitest';
import { chooseLanguage } from './language.ts';

it.each([
  ['zh', [], { LANG: 'zh_CN.UTF-8' }],
  ['zh', [], { LC_ALL: '', LC_MESSAGES: 'zh_TW', LANG: 'en_US.UTF-8' }],
  ['en', [], { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }],
  ['en', [], {}],
  ['en', ['plan', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' }],
  ['zh', ['plan', '--lang=zh'], { LANG: 'en_US.UTF-8' }],
  ['zh', ['plan', '--lang', 'de'], { LANG: 'zh_CN.UTF-8' }],
  ['en', ['plan', '--lang'], {}],
] as const)('is %s for the words %j in %j', (language, words, environment) => {
  expect(chooseLanguage(words, environment)).toBe(language);
});
