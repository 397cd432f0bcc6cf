/** `callbackd validate`: the file alone, every problem at once. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';
import { FILE_OPTIONS, outputOption, readCommonFlags, readOutput } from '../command-line/options.ts';

const run: CommandRun = async (invocation, toolbox) => {
  const { reportDiagnostics } = await import('../diagnostics/report-diagnostics.ts');
  const loaded = await toolbox.loadConfiguration(readCommonFlags(invocation));
  const output = readOutput(invocation);
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  if (output !== 'text') toolbox.terminal.print(reportDiagnostics(diagnostics, output, toolbox));
  else if (diagnostics.length > 0) toolbox.terminal.note(reportDiagnostics(diagnostics, output, toolbox));
  if (!loaded.ok) return 'invalid_configuration';
  if (output === 'text' && invocation.options['quiet'] !== true) {
    const { desired, files } = loaded.configuration;
    const count = desired.apps.size;
    toolbox.terminal.print(`${files[0]} is valid: ${count} ${count === 1 ? 'app' : 'apps'}.\n`);
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
