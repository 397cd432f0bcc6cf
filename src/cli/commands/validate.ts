/** `callbackd validate`: the file alone, every problem at once. */

import type { CommandRun } from '../command-spec.ts';
import { reportDiagnostics } from '../report-diagnostics.ts';
import { readCommonFlags, readOutput } from '../shared-options.ts';

export const run: CommandRun = async (invocation, toolbox) => {
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
