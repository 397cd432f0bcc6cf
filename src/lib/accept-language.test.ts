import { expect, it } from 'vitest';
import { chooseLanguage } from '../daemon/status-page/status-pages.ts';

it.each([
  { header: undefined, chosen: 'en', reason: 'no header' },
  { header: '', chosen: 'en', reason: 'an empty header' },
  { header: 'zh', chosen: 'zh', reason: 'the language itself' },
  { header: 'zh-CN,zh;q=0.9,en;q=0.8', chosen: 'zh', reason: 'what a Chinese browser sends' },
  { header: 'en-US,en;q=0.9,zh;q=0.8', chosen: 'en', reason: 'what an English browser sends' },
  { header: 'ZH-Hans-CN', chosen: 'zh', reason: 'any case, any region' },
  { header: 'de, zh ; q=0.5', chosen: 'zh', reason: 'the best of those that are offered' },
  { header: 'en;q=0.1, zh;q=0.2', chosen: 'zh', reason: 'quality before order' },
  { header: 'zh;q=0', chosen: 'en', reason: 'not wanted at all' },
  { header: 'zh, en', chosen: 'en', reason: 'the default where both are equal' },
  { header: '*', chosen: 'en', reason: 'anything' },
  { header: 'zhx', chosen: 'en', reason: 'another language that begins alike' },
  { header: 'zh;q=much', chosen: 'en', reason: 'a quality that is none' },
  { header: ';;q=,,;zh\u0000=', chosen: 'en', reason: 'nonsense' },
  { header: `${'zh;'.repeat(2_000)}q=1`, chosen: 'zh', reason: 'a long one' },
])('$reason: $chosen', ({ header, chosen }) => {
  expect(chooseLanguage(header, ['en', 'zh'])).toBe(chosen);
});
