/** `callbackd history [--app KEY]`: what was changed, newest first. */

import { openRecord } from '../../app/read-recorded.ts';
import { toHistoryJson } from '../../documents/history-json.ts';
import { message } from '../../messages/message.ts';
import { asAppKey } from '../../model/identity.ts';
import { type CommandRun, type Invocation, UsageError } from '../command-line/command-spec.ts';
import { refuseKey } from '../command-line/failures.ts';
import { readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/diagnostics-text.ts';
import { formatHistoryText } from '../views/history-text.ts';

const LIMIT_MAX = 1_000_000;

export const run: CommandRun = async (invocation, context) => {
  const { terminal } = context;
  const limit = readLimit(invocation);
  const configuration = await loadOrReport(invocation, context);
  if (configuration === undefined) return 'invalid_configuration';
  const app = invocation.options['app'];
  const key = typeof app === 'string' ? asAppKey(app) : undefined;
  const record = await openRecord(configuration.settings);
  const entries = await record.history({ limit, ...(key === undefined ? {} : { key }) });
  if (key !== undefined && entries.length === 0) {
    const known = [...configuration.desired.apps.keys(), ...record.state.apps.keys()];
    if (!known.includes(key)) throw refuseKey(key, known);
  }
  if (readOutput(invocation) === 'json') {
    terminal.print(`${JSON.stringify(toHistoryJson(entries), null, 2)}\n`);
    return 'ok';
  }
  terminal.print(formatHistoryText(entries, terminal.translate));
  if (entries.length === 0) {
    const dir = configuration.settings.stateDir;
    const sentence =
      key === undefined ? message('cli.no_change', { dir }) : message('cli.no_change_of', { key, dir });
    terminal.note(`${terminal.translate(sentence)}\n`);
  }
  return 'ok';
};

function readLimit({ options }: Invocation): number {
  const limit = Number(options['limit']);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new UsageError(
    message('cli.whole_number', {
      flag: '--limit',
      least: 1,
      most: LIMIT_MAX,
      given: String(options['limit']),
    }),
  );
}
