/** `callbackd why KEY`: file, state, account, decision and history of one entry. */

import { inspectEntry } from '../../app/inspect-entry.ts';
import { openRecord } from '../../app/read-recorded.ts';
import { collectParts, EXPLAINED_CHANGES_MAX, explainEntry } from '../../documents/explain-entry.ts';
import { formatWhyJson } from '../../documents/why-json.ts';
import { PlatformError } from '../../model/calls.ts';
import { type AppKey, asAppKey } from '../../model/identity.ts';
import type { CommandContext, CommandRun } from '../command-line/command-spec.ts';
import { refuseKey } from '../command-line/failures.ts';
import { readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/diagnostics-text.ts';
import { formatWhyText } from './view.ts';

export const run: CommandRun = async (invocation, context) => {
  const configuration = await loadOrReport(invocation, context);
  if (configuration === undefined) return 'invalid_configuration';
  const key = asAppKey(invocation.args[0] ?? '');
  const { apps } = configuration.desired;
  const { state, history } = await openRecord(configuration.settings);
  const known = collectParts(key, configuration.desired, {
    state,
    history: await history({ key, limit: EXPLAINED_CHANGES_MAX }),
  });
  if (known === undefined) throw refuseKey(key, [...apps.keys(), ...state.apps.keys()]);
  const isOffline = invocation.options['offline'] === true;
  const planned = isOffline
    ? undefined
    : await lookAt(key, () => inspectEntry(configuration, key, context), context);
  const story = explainEntry(key, { ...known, planned });
  context.terminal.print(
    readOutput(invocation) === 'json' ? formatWhyJson(story) : formatWhyText(story, context.terminal),
  );
  return 'ok';
};

/** Where the account cannot be read, what is recorded still can. */
async function lookAt<Seen>(
  key: AppKey,
  look: () => Promise<Seen>,
  { terminal }: CommandContext,
): Promise<Seen> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof PlatformError) {
      terminal.note(`${terminal.translate('cli.why_offline', { key })}\n`);
    }
    throw error;
  }
}
