/** `callbackd run`: hands over to the daemon, which lasts until it is told to stop. */

import type { CommandRun } from '../command-spec.ts';
import { reportDiagnostics } from '../report-diagnostics.ts';
import { readCommonFlags } from '../shared-options.ts';

export const run: CommandRun = async (invocation, toolbox) => {
  const ended = await toolbox.runDaemon(readCommonFlags(invocation));
  if (ended.how === 'ended') return ended.exit;
  toolbox.terminal.note(reportDiagnostics(ended.diagnostics, 'text', toolbox));
  return 'invalid_configuration';
};
