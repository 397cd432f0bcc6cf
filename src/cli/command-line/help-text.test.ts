import { expect, it } from 'vitest';
import { createTranslator } from '../../messages/say.ts';
import { COMMANDS } from '../catalogue.ts';
import { formatCommandHelp } from './help-text.ts';

it.each(COMMANDS)('the Chinese help of $name has Chinese punctuation', (spec) => {
  const text = formatCommandHelp(spec, createTranslator('zh'));
  expect(text.match(/.*(：[ ]|\((可选|默认)).*/g)).toBeNull();
  expect(text).toContain('用法：callbackd ');
});
