/** `callbackd status`: what the running daemon reports; without one, what the state directory holds. */

import { AppFailure } from '../../app/failure.ts';
import { openControl } from '../../app/open-control.ts';
import { openRecord } from '../../app/read-recorded.ts';
import { DaemonUnreachableError } from '../../daemon/control-client.ts';
import type { DaemonStatus } from '../../daemon/daemon-status.ts';
import { verbatim } from '../../messages/message.ts';
import type { CommandContext, CommandRun, Invocation } from '../command-line/command-spec.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/report-diagnostics.ts';
import { describeRecorded, formatRecordedText } from './recorded-status.ts';
import { formatStatusText } from './view.ts';

/** A daemon that hangs is reported before the health check of the container image times out, after 5 s. */
export const HEALTH_WITHIN_MS = 4_000;

export const run: CommandRun = async (invocation, context) => {
  const { terminal } = context;
  const withinMs = asksHealthOnly(invocation) ? HEALTH_WITHIN_MS : undefined;
  const client = await openControl(readCommonFlags(invocation), context, withinMs);
  let status: DaemonStatus;
  try {
    status = await client.status();
  } catch (error) {
    if (!(error instanceof DaemonUnreachableError)) throw error;
    if (asksHealthOnly(invocation)) throw new AppFailure('failed', verbatim(error.message), [], error);
    terminal.note(`${terminal.translate('cli.status_no_daemon', { problem: error.message })}\n`);
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
