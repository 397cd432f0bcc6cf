/** The daemon's status document as one screen of text. Pure. */

import type { DaemonStatus } from '../../daemon/daemon-status.ts';
import { printInstant } from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import { alignColumns, createPaint } from '../views/layout.ts';

export function formatStatusText(status: DaemonStatus, { color }: { readonly color: boolean }): string {
  const colors = createPaint(color);
  const rows = [
    ['account', status.endpoint],
    ['daemon', `callbackd ${status.version}, since ${short(status.started_at)}`],
    ['healthy', describeVerdict(status.healthy)],
    ['ready', describeVerdict(status.ready)],
    ['configuration', describeConfiguration(status)],
    ['paused', describePause(status.paused)],
    ['last round', describeLast(status)],
    ['next round', describeNext(status)],
    ['calls today', describeCalls(status)],
  ].filter(([, value]) => value !== '');
  const lines = [
    colors.bold(printable(status.sentence)),
    '',
    ...alignColumns(rows.map(([name, value]) => [`  ${name}`, value ?? ''])),
    ...section('Withheld:', listWithheld(status)),
    ...section('Failed:', listFailed(status)),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function describeVerdict({ ok, reason }: DaemonStatus['healthy']): string {
  return ok ? 'yes' : `no: ${printable(reason)}`;
}

function describeConfiguration({ configuration }: DaemonStatus): string {
  const { problem, origin, loaded_at: at, needs_restart: restart } = configuration;
  const release = problem?.release == null ? '' : `; to release: ${problem.release}`;
  return [
    `${origin === 'file' ? 'the file' : 'the last good one'}, loaded ${short(at)}`,
    ...(problem === null ? [] : [`${printable(problem.message)} since ${short(problem.since)}${release}`]),
    ...(restart.length === 0 ? [] : [`needs a restart for ${restart.join(', ')}`]),
  ].join('; ');
}

function describePause(pause: DaemonStatus['paused']): string {
  if (pause === null) return '';
  const parts = [
    pause.until === null ? 'until somebody resumes it' : `until ${short(pause.until)}`,
    pause.by === null ? '' : `by ${pause.by}`,
    pause.because === null ? '' : `because ${pause.because}`,
  ];
  return printable(parts.filter((part) => part !== '').join(', '));
}

function describeLast({ rounds }: DaemonStatus): string {
  const { last } = rounds;
  if (last === null) return 'none yet';
  const failure = last.failure === null ? '' : `: ${printable(last.failure)}`;
  return `${last.round} (${last.triggers.join(', ')}) ${last.result} at ${short(last.ended_at)}, ${last.calls} calls${failure}`;
}

function describeNext({ rounds }: DaemonStatus): string {
  if (rounds.running !== null) return `${rounds.running.round} is running`;
  if (rounds.next_at === null) return '';
  return `${short(rounds.next_at)}${rounds.next_trigger === null ? '' : ` (${rounds.next_trigger})`}`;
}

function describeCalls({ calls_today: { count, budget } }: DaemonStatus): string {
  return budget === null ? String(count) : `${count} of ${budget}`;
}

function listWithheld({ plan }: DaemonStatus): string[] {
  return (plan?.withheld ?? []).flatMap((item) => [
    `  ${item.needs_decision ? '?' : ' '} ${item.action} ${printable(item.key ?? item.id ?? '')}  ${item.reason}`,
    `      ${printable(item.message)}`,
    `      to release: ${printable(item.release)}`,
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
