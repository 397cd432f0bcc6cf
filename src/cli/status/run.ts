/** `callbackd status`: what the running daemon says of itself; without one, what the state directory tells. */

import { DaemonUnreachableError } from '../../daemon/control-client.ts';
import type { DaemonStatus } from '../../daemon/daemon-status.ts';
import { CommandFailure } from '../command-failure.ts';
import type { CommandRun, Invocation } from '../command-line/command-spec.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/report-diagnostics.ts';
import type { Toolbox } from '../ports.ts';
import { describeRecorded, formatRecordedText } from './recorded-status.ts';
import { formatStatusText } from './view.ts';

/** So that a daemon that hangs is said to, before whoever checks its health loses patience: the image gives five seconds. */
export const HEALTH_WITHIN_MS = 4_000;

export const run: CommandRun = async (invocation, toolbox) => {
  const { terminal } = toolbox;
  const withinMs = asksHealthOnly(invocation) ? HEALTH_WITHIN_MS : undefined;
  const client = await toolbox.openControl(readCommonFlags(invocation), withinMs);
  let status: DaemonStatus;
  try {
    status = await client.status();
  } catch (error) {
    if (!(error instanceof DaemonUnreachableError)) throw error;
    if (asksHealthOnly(invocation)) throw new CommandFailure('failed', error.message, [], error);
    terminal.note(`No daemon answers (${error.message}); this is what was recorded.\n`);
    return tellRecorded(invocation, toolbox);
  }
  if (asksHealthOnly(invocation)) return tellHealth(invocation, status, toolbox);
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

/** What a container's health check asks: whether the loop moves on, not whether somebody must decide something. */
function tellHealth(invocation: Invocation, { healthy }: DaemonStatus, { terminal }: Toolbox): ExitName {
  if (readOutput(invocation) === 'json') terminal.print(`${JSON.stringify(healthy, null, 2)}\n`);
  else terminal.print(`${healthy.ok ? 'healthy' : 'not healthy'}: ${healthy.reason}\n`);
  return healthy.ok ? 'ok' : 'failed';
}

async function tellRecorded(invocation: Invocation, toolbox: Toolbox): Promise<ExitName> {
  const configuration = await loadOrReport(invocation, toolbox);
  if (configuration === undefined) return 'invalid_configuration';
  const { state, history } = await toolbox.openRecord(configuration);
  const [lastChange] = await history({ limit: 1 });
  const recorded = describeRecorded(state, {
    lastChange,
    desired: configuration.desired,
    stateDir: configuration.settings.stateDir,
    now: toolbox.clock.now(),
  });
  toolbox.terminal.print(
    readOutput(invocation) === 'json'
      ? `${JSON.stringify(recorded, null, 2)}\n`
      : formatRecordedText(recorded),
  );
  return 'ok';
}

function exitOf({ condition }: DaemonStatus): ExitName {
  if (condition === 'failing' || condition === 'stalled') return 'failed';
  return condition === 'held' ? 'held' : 'ok';
}
