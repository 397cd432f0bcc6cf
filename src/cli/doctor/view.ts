/** Findings as text, one line each followed by its fix, or as JSON. */

import { printable } from '../../lib/printable.ts';
import { type Message, message } from '../../messages/message.ts';
import { say, type Translate } from '../../messages/say.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { alignColumns, createPaint, type View } from '../views/layout.ts';

export function formatFindings(findings: readonly Finding[], { color, translate }: View): string {
  const paint = createPaint(color);
  const marks = {
    ok: paint.green(translate('cli.label_ok')),
    warning: paint.yellow(translate('cli.label_warning')),
    error: paint.red(translate('cli.label_error')),
  };
  const heads = alignColumns(
    findings.map(({ level, check, message }) => [
      `  ${marks[level]}`,
      translate(`cli.check_${check}`),
      printable(translate(message)),
    ]),
  );
  const lines = findings.flatMap(({ cure }, index) => [
    heads[index] ?? '',
    ...(cure === undefined ? [] : [`           ${printable(translate(cure))}`]),
  ]);
  return [...lines, '', `${describeCounts(findings, translate)}\n`].join('\n');
}

function describeCounts(findings: readonly Finding[], translate: Translate): string {
  const count = (wanted: Finding['level']) => findings.filter(({ level }) => level === wanted).length;
  const [errors, warnings] = [count('error'), count('warning')];
  return errors + warnings === 0
    ? translate('cli.doctor_well')
    : translate('cli.doctor_found', { problems: message('cli.problems', { errors, warnings }) });
}

/** The shape is stable: fields are added, never renamed. */
export function formatFindingsJson(findings: readonly Finding[]): string {
  const document = {
    format_version: 1,
    findings: findings.map(({ check, level, message, cure }) => ({
      check,
      level,
      message: say(message),
      cure: cure === undefined ? null : say(cure),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** One result of `callbackd doctor`. Holds no secret. */
export interface Finding {
  /** What was looked at, such as `token`. Stable: scripts select by it. */
  readonly check:
    | 'node'
    | 'configuration'
    | 'token'
    | 'account'
    | 'clock'
    | 'network'
    | 'receiver'
    | 'notify'
    | 'state'
    | 'disk'
    | 'lock'
    | 'daemon'
    | 'systemd'
    | 'safety';
  readonly level: 'ok' | 'warning' | 'error';
  readonly message: Message;
  /** What to do; absent where nothing is wrong. */
  readonly cure?: Message;
  /** The exit that an error stands for; `failed` when absent. */
  readonly exit?: ExitName;
}
