/** `callbackd bundle`: an archive for whoever helps, with every secret masked. */

import type { CommandRun } from '../command-line/command-spec.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';

export const run: CommandRun = async (invocation, { terminal, writeBundle }) => {
  const { options } = invocation;
  const file = options['outputFile'];
  // Its own calls are no news: they would bury the few lines that are.
  const flags = { logLevel: 'warn' as const, ...readCommonFlags(invocation) };
  const report = await writeBundle(flags, {
    ...(typeof file === 'string' ? { file } : {}),
    plan: options['plan'] === true,
    offline: options['offline'] === true,
  });
  if (readOutput(invocation) === 'json') {
    terminal.print(`${JSON.stringify({ format_version: 1, ...report }, null, 2)}\n`);
    return 'ok';
  }
  const { files, missing, not_looked_for: unread } = report.manifest;
  const count = files.reduce((sum, { masked }) => sum + masked, 0);
  terminal.print(
    [
      `Wrote ${report.file}: ${files.length} files, ${Math.ceil(report.bytes / 1024)} KiB, readable by you alone.`,
      ...missing.map(({ name, because }) => `  without ${name}: ${because}`),
      ...unread.map(({ name, because }) => `  not checked for ${name}: ${because}`),
      `${count} ${count === 1 ? 'place' : 'places'} masked. Keys, names and URLs of your apps are in it: look before you send it.`,
      '',
    ].join('\n'),
  );
  return 'ok';
};
