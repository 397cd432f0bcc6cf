import { describe, expect, it } from 'vitest';
import { readCommand, runCommand } from './run-command.ts';

describe('a command of the host', () => {
  const environment = {
    PATH: '/usr/bin:/bin',
    COZE_API_TOKEN: 'pat_secret',
    LANG: 'C',
    FEISHU_WEBHOOK: 'https://x',
  };

  it('is told where programs are and which language to use, and no secret', async () => {
    const told = (await readCommand('env', [], environment)) ?? '';
    expect(told.trim().split('\n').sort()).toEqual(['LANG=C', 'PATH=/usr/bin:/bin']);
  });

  it('that does something gets what it is given only', async () => {
    await expect(runCommand('sh', ['-c', '[ -z "$COZE_API_TOKEN" ]'], {})).resolves.toBeUndefined();
  });
});
