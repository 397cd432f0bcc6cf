import { describe, expect, it } from 'vitest';
import { findWebhooks, maskText } from './secrets.ts';

const known = [{ what: 'the token', text: 'a "secret" of ours' }];
const mask = (text: string, format: 'yaml' | 'text' = 'text') => maskText(text, known, format);

describe('a text that leaves the host', () => {
  it.each([
    ['x a "secret" of ours y', 'x [masked] y', 1],
    ['{"a":"a \\"secret\\" of ours"}', '{"a":"[masked]"}', 1],
    ['https://u:p@h.example/x?a=1&b=two#c', 'https://[masked]@h.example/x?a=[masked]&b=[masked]#c', 3],
    ['see https://h.example/x?plain', 'see https://h.example/x?plain', 0],
    ['https://hooks.slack.com/services/T1/B2/c3', 'https://hooks.slack.com/[masked]', 1],
    ['https://open.feishu.cn/open-apis/bot/v2/hook/x', 'https://open.feishu.cn/[masked]', 1],
    [
      'Environment=COZE_API_TOKEN=x "A_PASSWORD=y z"',
      'Environment=COZE_API_TOKEN=[masked] "A_PASSWORD=[masked] z"',
      2,
    ],
    ['COZE_TOKEN_FILE=/etc/x', 'COZE_TOKEN_FILE=/etc/x', 0],
    ['pat_0123456789abc and a again pat_0123456789abc', 'pat_[masked] and a again pat_[masked]', 2],
  ])('%s becomes %s', (text, expected, masked) => {
    expect(mask(text)).toEqual({ text: expected, masked });
  });

  it('has every value below `auth` masked in YAML, for a token may stand where a name belongs', () => {
    const yaml = 'auth:\n  token_file: /etc/token\n  token: abc\n  token_env: X\n';
    expect(mask(yaml, 'yaml')).toEqual({
      text: 'auth:\n  token_file: ***\n  ***\n  token_env: ***\n',
      masked: 3,
    });
  });

  it.each([
    ['Environment=COZE_API_TOKEN=known-token', 'Environment=COZE_API_TOKEN=[masked]', 1],
    ['https://u:known-token@h.example/', 'https://[masked]@h.example/', 1],
    ['https://h.example/?a=x-known-token', 'https://h.example/?a=[masked]', 1],
    ['https://hooks.slack.com/known-token/known-token', 'https://hooks.slack.com/[masked]', 1],
    ['A_TOKEN=[masked] B_TOKEN=known-token', 'A_TOKEN=[masked] B_TOKEN=[masked]', 1],
  ])('counts a known secret once that stands where any value is masked: %s', (text, expected, masked) => {
    const token = [{ what: 'the token', text: 'known-token' }];
    expect(maskText(text, token, 'text')).toEqual({ text: expected, masked });
  });

  it.each([
    ['auth:\n  token_env: known-token\n', 'auth:\n  token_env: ***\n', 1],
    ['x: {token: a, secret: b}\n', 'x: {token: ***, secret: ***}\n', 2],
  ])('counts each place of YAML once: %j', (text, expected, masked) => {
    const token = [{ what: 'the token', text: 'known-token' }];
    expect(maskText(text, token, 'yaml')).toEqual({ text: expected, masked });
  });

  it('does not mask what is masked', () => {
    const { text } = mask('https://u:p@h.example/x?a=1 pat_0123456789abc');
    expect(mask(text)).toEqual({ text, masked: 0 });
  });
});

it('takes every URL under `notify:` for one that can post there, and none beside it', () => {
  const yaml = [
    'status: {listen: http://other.example/1}',
    'notify:',
    '- url: https://chat.example/a',
    '',
    '  # https://chat.example/b',
    '  to: {url: "https://chat.example/c"}',
    'apps: {x: {callback_url: https://other.example/2}}',
  ].join('\n');
  expect(findWebhooks(yaml).map(({ text }) => text)).toEqual([
    'https://chat.example/a',
    'https://chat.example/b',
    'https://chat.example/c',
  ]);
  expect(findWebhooks('notify: [https://chat.example/d]\napps: {}').map(({ text }) => text)).toEqual([
    'https://chat.example/d',
  ]);
});
