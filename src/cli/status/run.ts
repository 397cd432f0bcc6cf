/** `callbackd status`: what the running daemon reports; without one, what the state directory holds. */

import { AppFailure } from '../../app/failure.ts';
import { openControl } from '../../app/open-control.ts';
import { openRecord } from '../../app/read-recorded.ts';
import { DaemonUnreachableError } from '../../daemon/control-client.ts';
import type { DaemonStatus } from '../../daemon/daemon-status.ts';
import { nameReason, printInstant } from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import type { Translate } from '../../messages/say.ts';
import type { CommandContext, CommandRun, Invocation } from '../command-line/command-spec.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { languageOfAnswer, readCommonFlags, readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/diagnostics-text.ts';
import { alignColumns, createPaint, section, type View } from '../views/layout.ts';
import { describeRecorded, formatRecordedText } from './recorded-status.ts';

/** A daemon that hangs is reported before the health check of the container image times out, after 5 s. */
export const HEALTH_WITHIN_MS = 4_000;

export const run: CommandRun = async (invocation, context) => {
  const { terminal } = context;
  const client = await openControl(readCommonFlags(invocation), context, {
    language: languageOfAnswer(invocation, context),
    ...(asksHealthOnly(invocation) && { answerWithinMs: HEALTH_WITHIN_MS }),
  });
  let status: DaemonStatus;
  try {
    status = await client.status();
  } catch (error) {
    if (!(error instanceof DaemonUnreachableError)) throw error;
    if (asksHealthOnly(invocation)) throw new AppFailure('failed', error.problem, [], error);
    terminal.note(`${terminal.translate('cli.status_no_daemon', { problem: error.problem })}\n`);
    return tellRecorded(invocation, context);
  }
  if (asksHealthOnly(invocation)) return tellHealth(invocation, status, context);
  terminal.print(
    readOutput(invocation) === 'json'
      ? `${JSON.stringify(status, null, 2)}\n`
      : formatStatusText(status, terminal),
  );
  return exitOf(status);
};

function asksHealthOnly({ options }: Invocation): boolean {
  return options['check'] === true;
}

/**
 * What a container's health check asks: whether the loop moves on, not whether somebody must decide
 * something.
 */
function tellHealth(
  invocation: Invocation,
  { healthy }: DaemonStatus,
  { terminal }: CommandContext,
): ExitName {
  if (readOutput(invocation) === 'json') terminal.print(`${JSON.stringify(healthy, null, 2)}\n`);
  else {
    const { reason } = healthy;
    const { translate } = terminal;
    terminal.print(
      `${healthy.ok ? translate('cli.healthy', { reason }) : translate('cli.not_healthy', { reason })}\n`,
    );
  }
  return healthy.ok ? 'ok' : 'failed';
}

async function tellRecorded(invocation: Invocation, context: CommandContext): Promise<ExitName> {
  const configuration = await loadOrReport(invocation, context);
  if (configuration === undefined) return 'invalid_configuration';
  const { state, history } = await openRecord(configuration.settings);
  const [lastChange] = await history({ limit: 1 });
  const recorded = describeRecorded(state, {
    lastChange,
    desired: configuration.desired,
    stateDir: configuration.settings.stateDir,
    now: context.clock.now(),
  });
  context.terminal.print(
    readOutput(invocation) === 'json'
      ? `${JSON.stringify(recorded, null, 2)}\n`
      : formatRecordedText(recorded, context.terminal.translate),
  );
  return 'ok';
}

function exitOf({ condition }: DaemonStatus): ExitName {
  if (condition === 'failing' || condition === 'stalled') return 'failed';
  return condition === 'held' ? 'held' : 'ok';
}

/** The daemon's status document as one screen of text. */
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
    [translate('cli.status_log'), describeLog(status, translate)],
  ].filter(([, value]) => value !== '');
  const lines = [
    colors.bold(printable(status.sentence)),
    '',
    ...alignColumns(rows.map(([name, value]) => [`  ${name}`, value ?? ''])),
    ...section(translate('cli.title_withheld'), listWithheld(status, translate)),
    ...section(translate('cli.title_failed'), listFailed(status, translate)),
  ];
  return `${lines.join('\n')}\n`;
}

function describeVerdict({ ok, reason }: DaemonStatus['healthy'], translate: Translate): string {
  return ok ? translate('cli.yes') : translate('cli.status_no', { reason: printable(reason) });
}

function describeConfiguration({ configuration }: DaemonStatus, translate: Translate): string {
  const { problem, origin, loaded_at: at, needs_restart: restart } = configuration;
  const release = problem?.release == null ? [] : [translate('cli.to_release', { release: problem.release })];
  const items = [
    translate(origin === 'file' ? 'cli.status_file' : 'cli.status_last_good', { at: short(at) }),
    ...(problem === null
      ? []
      : [
          translate('cli.status_problem', {
            problem: printable(problem.message),
            since: short(problem.since),
          }),
          ...release,
        ]),
    ...(restart.length === 0 ? [] : [translate('cli.status_restart', { settings: [...restart] })]),
  ];
  return translate('semicolon_list', { items });
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
  return printable(translate('comma_list', { items: parts.filter((part) => part !== '') }));
}

function describeLast({ rounds }: DaemonStatus, translate: Translate): string {
  const { last } = rounds;
  if (last === null) return translate('cli.status_no_round');
  const { round, calls } = last;
  const ended = translate('cli.status_round', {
    round,
    triggers: last.triggers.map((trigger) => translate(`page.trigger_${trigger}`)),
    result: translate(`page.result_${last.result}`),
    at: short(last.ended_at),
    calls,
  });
  return last.failure === null
    ? ended
    : translate('labelled', { label: ended, value: printable(last.failure) });
}

function describeNext({ rounds }: DaemonStatus, translate: Translate): string {
  if (rounds.running !== null) return translate('cli.status_running', { round: rounds.running.round });
  if (rounds.next_at === null) return '';
  const at = short(rounds.next_at);
  if (rounds.next_trigger === null) return at;
  return translate('cli.status_next_at', { at, trigger: translate(`page.trigger_${rounds.next_trigger}`) });
}

function describeCalls({ calls_today: { count, budget } }: DaemonStatus, translate: Translate): string {
  return budget === null ? String(count) : translate('cli.status_of_budget', { count, budget });
}

function describeLog({ log }: DaemonStatus, translate: Translate): string {
  const { lines_lost: count, problem } = log;
  const lost = count === 0 ? [] : [translate('cli.status_log_lost', { count })];
  return [...(problem === null ? [] : [printable(problem)]), ...lost].join('; ');
}

function listWithheld({ plan }: DaemonStatus, translate: Translate): string[] {
  return (plan?.withheld ?? []).flatMap((item) => [
    `  ${item.needs_decision ? '?' : ' '} ${translate(`page.action_${item.action}`)} ${printable(item.key ?? item.id ?? '')}  ${nameReason(item.reason, translate)}`,
    `      ${printable(item.message)}`,
    `      ${translate('cli.to_release', { release: printable(item.release) })}`,
  ]);
}

function listFailed({ plan }: DaemonStatus, translate: Translate): string[] {
  return (plan?.failed ?? []).map((item) => {
    const logid = item.logid === null ? '' : translate('notify.logid', { logid: item.logid });
    const label = `${translate(`page.action_${item.action}`)} ${printable(item.key ?? item.id ?? '')}`;
    return `  ${translate('labelled', { label, value: printable(item.message) })}${logid}`;
  });
}

function short(instant: string): string {
  return printInstant(Math.floor(Date.parse(instant) / 1000) * 1000);
}
