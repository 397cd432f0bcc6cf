/** `callbackd run`: runs the daemon until it is stopped. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, readCommonFlags } from '../command-line/options.ts';

const run: CommandRun = async (invocation, context) => {
  const { runService } = await import('../../app/run-service.ts');
  const ended = await runService(readCommonFlags(invocation), context);
  if (ended.how === 'ended') return 'ok';
  const { reportDiagnostics } = await import('../diagnostics/diagnostics-text.ts');
  context.terminal.note(reportDiagnostics(ended.diagnostics, 'text', context));
  return 'invalid_configuration';
};

export const RUN: CommandSpec = {
  name: 'run',
  arguments: [],
  options: CONFIGURATION_OPTIONS,
  examples: ['callbackd run -c callbackd.yaml'],
  load: async () => run,
};
