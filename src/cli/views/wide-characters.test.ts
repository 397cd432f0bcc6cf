/** Tables line up in a terminal although a Chinese character takes two columns. */

import { describe, expect, it } from 'vitest';
import { message } from '../../messages/message.ts';
import { createTranslator } from '../../messages/say.ts';
import { COMMANDS } from '../catalogue.ts';
import { formatCommandHelp, formatProgramHelp } from '../command-line/help-text.ts';
import { type Finding, formatFindings } from '../doctor/view.ts';
import { formatRecordedText } from '../status/recorded-status.ts';
import { measure } from './layout.ts';

const translate = createTranslator('zh');

/** In which columns the second cell of each row begins. */
function columnsOf(lines: readonly string[]): ReadonlySet<number> {
  return new Set(
    lines.flatMap((line) => {
      const [, head] = /^( {2}\S+(?: \S+)*? {2,})\S/.exec(line) ?? [];
      return head === undefined ? [] : [measure(head)];
    }),
  );
}

describe('in Chinese', () => {
  it('the recorded status lines up', () => {
    const text = formatRecordedText(
      {
        format_version: 1,
        condition: 'no_daemon',
        endpoint: 'https://api.coze.cn',
        state_dir: '/var/lib/callbackd',
        serial: 3,
        apps: { desired: 3, owned: 1, unbound: ['订单', 'b'], orphans: ['c'], unfinished: ['d'] },
        open_creates: ['e'],
        backoffs: [{ key: 'f', until: '2026-11-29T00:00:00.000Z', reason: 'x' }],
        pauses: [{ key: null, until: null, because: '迁移', by: '小王' }],
        approvals: [{ subject: 'g', by: 'h', at: '2026-11-29T00:00:00.000Z' }],
        last_change: null,
      },
      translate,
    );
    expect(text.split('\n').length).toBeGreaterThan(9);
    expect(columnsOf(text.split('\n')).size).toBe(1);
  });

  it('the findings of doctor line up', () => {
    const checks = ['node', 'configuration', 'receiver', 'daemon', 'systemd', 'disk'] as const;
    const findings = checks.map((check, index): Finding => {
      const level = (['ok', 'warning', 'error'] as const)[index % 3] ?? 'ok';
      return { check, level, message: message('cli.lock_free') };
    });
    const lines = formatFindings(findings, { color: false, translate }).split('\n').slice(0, checks.length);
    const heads = lines.map((line) => /^( {2}\S+ {2,})(\S+ {2,})\S/.exec(line) ?? []);
    expect(new Set(heads.map(([, level = '']) => measure(level))).size).toBe(1);
    expect(new Set(heads.map(([, level = '', check = '']) => measure(level + check))).size).toBe(1);
  });

  it('help lines up, and no line is wider than a terminal', () => {
    for (const spec of COMMANDS) {
      const help = formatCommandHelp(spec, translate);
      expect(help).toMatch(/\p{Script=Han}/u);
      const wrapped = help
        .split('\n')
        .filter((line) => !line.startsWith('  $') && !line.startsWith('callbackd'));
      expect(wrapped.filter((line) => measure(line) > 100)).toEqual([]);
    }
    const rows = formatProgramHelp(COMMANDS, translate)
      .split('\n')
      .slice(5, 5 + COMMANDS.length);
    expect(columnsOf(rows).size).toBe(1);
  });
});
