import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { createTranslator } from '../../messages/say.ts';
import { parseCommandLine } from '../run-command-line.ts';

function complaintOf(words: readonly string[], language: 'en' | 'zh'): readonly string[] {
  const noted: string[] = [];
  const terminal = {
    print: () => {},
    note: (text: string) => void noted.push(text),
    translate: createTranslator(language),
  };
  expect(() => parseCommandLine(words, { terminal, version: '0.0.0' })).toThrow(CommanderError);
  return noted.map((line) => line.trim().replace(/^(error: |错误：)/, ''));
}

describe('what is wrong with a command line', () => {
  it.each([
    [['status', '--nope'], "unknown option '--nope'", '未知选项 --nope'],
    [['nosuch'], "unknown command 'nosuch'", '未知命令 nosuch'],
    [['why'], "missing required argument 'key'", '缺少参数 key'],
    [['plan', '-c'], "option '-c, --config <path>' argument missing", '选项 -c, --config <path> 缺少值'],
    [
      ['plan', 'a', 'b'],
      "too many arguments for 'plan'. Expected 0 arguments but got 2.",
      'plan 的参数过多：最多 0 个，实际 2 个',
    ],
    [
      ['why', 'a', 'b'],
      "too many arguments for 'why'. Expected 1 argument but got 2.",
      'why 的参数过多：最多 1 个，实际 2 个',
    ],
    [
      ['plan', '-o', 'xx'],
      "'xx' is invalid for '-o, --output <format>'. Allowed choices are text, json, markdown.",
      '-o, --output <format> 不能为 xx，可选：text, json, markdown',
    ],
    [
      ['completion', 'foo'],
      "'foo' is invalid for 'shell'. Allowed choices are bash, zsh, fish.",
      'shell 不能为 foo，可选：bash, zsh, fish',
    ],
  ])('%j: %s', (words, english, chinese) => {
    expect(complaintOf(words, 'en')).toEqual([english]);
    expect(complaintOf(words, 'zh')).toEqual([chinese]);
  });

  it('comes with the nearest word', () => {
    expect(complaintOf(['pln'], 'en')).toEqual(["unknown command 'pln'", 'did you mean plan?']);
    expect(complaintOf(['plan', '--ful'], 'zh')).toEqual(['未知选项 --ful', '您是不是想输入 --full？']);
  });
});

it('passes --lang on, wherever it stands', () => {
  const terminal = { print: () => {}, note: () => {}, translate: createTranslator('en') };
  for (const words of [
    ['plan', '--lang', 'zh'],
    ['--lang', 'zh', 'plan'],
  ]) {
    const { invocation } = parseCommandLine(words, { terminal, version: '0.0.0' }) ?? {};
    expect(invocation?.options['lang']).toBe('zh');
  }
});
