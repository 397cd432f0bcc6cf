/** `callbackd validate`: the file alone, every problem at once. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';
import { FILE_OPTIONS, outputOption, readCommonFlags, readOutput } from '../command-line/options.ts';

const run: CommandRun = async (invocation, context) => {
  const { reportDiagnostics } = await import('../diagnostics/diagnostics-text.ts');
  const { loadConfiguration } = await import('../../app/load-configuration.ts');
  const loaded = await loadConfiguration(readCommonFlags(invocation), context);
  const output = readOutput(invocation);
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  if (output !== 'text') context.terminal.print(reportDiagnostics(diagnostics, output, context));
  else if (diagnostics.length > 0) context.terminal.note(reportDiagnostics(diagnostics, output, context));
  if (!loaded.ok) return 'invalid_configuration';
  if (output === 'text' && invocation.options['quiet'] !== true) {
    const { desired, files } = loaded.configuration;
    const count = desired.apps.size;
    context.terminal.print(`${context.terminal.translate('cli.valid', { file: files[0] ?? '', count })}\n`);
  }
  return 'ok';
};

export const VALIDATE: CommandSpec = {
  name: 'validate',
  arguments: [],
  options: [...FILE_OPTIONS, outputOption('text', 'json', 'github')],
  examples: ['callbackd validate -c callbackd.yaml', 'callbackd validate -o github'],
  load: async () => run,
};
