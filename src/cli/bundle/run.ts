/** `callbackd bundle`: a support archive with every secret masked. */

import type { CommandRun } from '../command-line/command-spec.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import { writeBundle } from './write-bundle.ts';

export const run: CommandRun = async (invocation, context) => {
  const { options } = invocation;
  const { print, translate } = context.terminal;
  const file = options['outputFile'];
  // Its own calls are no news: they would bury the few lines that are.
  const flags = { logLevel: 'warn' as const, ...readCommonFlags(invocation) };
  const request = {
    ...(typeof file === 'string' ? { file } : {}),
    plan: options['plan'] === true,
    offline: options['offline'] === true,
  };
  const report = await writeBundle(flags, request, context);
  if (readOutput(invocation) === 'json') {
    const { bytes, manifest } = report;
    const document = { format_version: 1, file: report.file, bytes, manifest };
    print(`${JSON.stringify(document, null, 2)}\n`);
    return 'ok';
  }
  const { missing, unread } = report;
  const { files } = report.manifest;
  const count = files.reduce((sum, { masked }) => sum + masked, 0);
  print(
    [
      translate('cli.bundle_written', {
        file: report.file,
        count: files.length,
        kib: Math.ceil(report.bytes / 1024),
      }),
      ...missing.map(({ name, because }) => `  ${translate('cli.bundle_without', { name, because })}`),
      ...unread.map(({ name, because }) => `  ${translate('cli.bundle_unchecked', { name, because })}`),
      translate('cli.bundle_masked', { count }),
      '',
    ].join('\n'),
  );
  return 'ok';
};
