/** The daemon's status document as one screen of text. */

import type { DaemonStatus } from '../../daemon/daemon-status.ts';
import { printInstant } from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import type { Translate } from '../../messages/say.ts';
import { alignColumns, createPaint, section, type View } from '../views/layout.ts';

export function formatStatusText(status: DaemonStatus, { color, translate }: View): string {
  const colors = createPaint(color);
  const rows = [
    [translate('cli.status_account'), status.endpoint],
    [
      translate('cli.status_daemon'),
      translate('cli.status_since', { version: status.version, since: short(status.started_at) }),
    ],
    [translate('cli.status_healthy'), describeVerdict(status.healthy, translate)],
    [translate('cli.status_ready'), describeVerdict(status.ready, translate)],
    [translate('cli.status_configuration'), describeConfiguration(status, translate)],
    [translate('cli.status_paused'), describePause(status.paused, translate)],
    [translate('cli.status_last'), describeLast(status, translate)],
    [translate('cli.status_next'), describeNext(status, translate)],
    [translate('cli.status_calls'), describeCalls(status, translate)],
  ].filter(([, value]) => value !== '');
  const lines = [
    colors.bold(printable(status.sentence)),
    '',
    ...alignColumns(rows.map(([name, value]) => [`  ${name}`, value ?? ''])),
    ...section(translate('cli.title_withheld'), listWithheld(status, translate)),
    ...section(translate('cli.title_failed'), listFailed(status)),
  ];
  return `${lines.join('\n')}\n`;
}

function describeVerdict({ ok, reason }: DaemonStatus['healthy'], translate: Translate): string {
  return ok ? translate('cli.yes') : translate('cli.status_no', { reason: printable(reason) });
}

function describeConfiguration({ configuration }: DaemonStatus, translate: Translate): string {
  const { problem, origin, loaded_at: at, needs_restart: restart } = configuration;
  const release =
    problem?.release == null ? '' : `; ${translate('cli.to_release', { release: problem.release })}`;
  return [
    translate(origin === 'file' ? 'cli.status_file' : 'cli.status_last_good', { at: short(at) }),
    ...(problem === null
      ? []
      : [
          `${translate('cli.status_problem', { problem: printable(problem.message), since: short(problem.since) })}${release}`,
        ]),
    ...(restart.length === 0 ? [] : [translate('cli.status_restart', { settings: [...restart] })]),
  ].join('; ');
}

function describePause(pause: DaemonStatus['paused'], translate: Translate): string {
  if (pause === null) return '';
  const parts = [
    pause.until === null
      ? translate('cli.until_resumed')
      : translate('cli.until', { until: short(pause.until) }),
    pause.by === null ? '' : translate('cli.by', { by: pause.by }),
    pause.because === null ? '' : translate('cli.because', { because: pause.because }),
  ];
  return printable(parts.filter((part) => part !== '').join(', '));
}

function describeLast({ rounds }: DaemonStatus, translate: Translate): string {
  const { last } = rounds;
  if (last === null) return translate('cli.status_no_round');
  const failure = last.failure === null ? '' : `: ${printable(last.failure)}`;
  const { round, triggers, result, calls } = last;
  const at = short(last.ended_at);
  return `${translate('cli.status_round', { round, triggers: [...triggers], result, at, calls })}${failure}`;
}

function describeNext({ rounds }: DaemonStatus, translate: Translate): string {
  if (rounds.running !== null) return translate('cli.status_running', { round: rounds.running.round });
  if (rounds.next_at === null) return '';
  return `${short(rounds.next_at)}${rounds.next_trigger === null ? '' : ` (${rounds.next_trigger})`}`;
}

function describeCalls({ calls_today: { count, budget } }: DaemonStatus, translate: Translate): string {
  return budget === null ? String(count) : translate('cli.status_of_budget', { count, budget });
}

function listWithheld({ plan }: DaemonStatus, translate: Translate): string[] {
  return (plan?.withheld ?? []).flatMap((item) => [
    `  ${item.needs_decision ? '?' : ' '} ${item.action} ${printable(item.key ?? item.id ?? '')}  ${item.reason}`,
    `      ${printable(item.message)}`,
    `      ${translate('cli.to_release', { release: printable(item.release) })}`,
  ]);
}

function listFailed({ plan }: DaemonStatus): string[] {
  return (plan?.failed ?? []).map((item) => {
    const logid = item.logid === null ? '' : ` (logid ${item.logid})`;
    return `  ${item.action} ${printable(item.key ?? item.id ?? '')}: ${printable(item.message)}${logid}`;
  });
}

function short(instant: string): string {
  return printInstant(Math.floor(Date.parse(instant) / 1000) * 1000);
}
