/** `callbackd run`: hands over to the daemon, which lasts until it is told to stop. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, readCommonFlags } from '../command-line/options.ts';

const run: CommandRun = async (invocation, toolbox) => {
  const ended = await toolbox.runDaemon(readCommonFlags(invocation));
  if (ended.how === 'ended') return ended.exit;
  const { reportDiagnostics } = await import('../diagnostics/report-diagnostics.ts');
  toolbox.terminal.note(reportDiagnostics(ended.diagnostics, 'text', toolbox));
  return 'invalid_configuration';
};

export const RUN: CommandSpec = {
  name: 'run',
  summary: 'keep the account in line with the file, as a daemon',
  description:
    'Reconciles at start, on the schedule, when the file changes and on SIGHUP, until SIGTERM or SIGINT. ' +
    'An invalid file changes nothing: the last good one stays in force. Logs go to stdout.',
  arguments: [],
  options: CONFIGURATION_OPTIONS,
  examples: [{ command: 'callbackd run -c callbackd.yaml', does: 'run in the foreground' }],
  load: async () => run,
};
