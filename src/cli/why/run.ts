/** `callbackd why KEY`: everything that bears on one entry. */

import { collectParts, explainEntry, STORY_CHANGES_MAX } from '../../documents/explain-entry.ts';
import { formatWhyJson } from '../../documents/why-json.ts';
import { PlatformError } from '../../model/calls.ts';
import { type AppKey, asAppKey } from '../../model/identity.ts';
import type { CommandRun } from '../command-line/command-spec.ts';
import { refuseKey } from '../command-line/failures.ts';
import { readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/report-diagnostics.ts';
import type { Toolbox } from '../ports.ts';
import { formatWhyText } from './view.ts';

export const run: CommandRun = async (invocation, toolbox) => {
  const configuration = await loadOrReport(invocation, toolbox);
  if (configuration === undefined) return 'invalid_configuration';
  const key = asAppKey(invocation.args[0] ?? '');
  const { apps } = configuration.desired;
  const { state, history } = await toolbox.openRecord(configuration);
  const known = collectParts(key, configuration.desired, {
    state,
    history: await history({ key, limit: STORY_CHANGES_MAX }),
  });
  if (known === undefined) throw refuseKey(key, [...apps.keys(), ...state.apps.keys()]);
  const isOffline = invocation.options['offline'] === true;
  const planned = isOffline
    ? undefined
    : await lookAt(key, () => toolbox.inspectEntry(configuration, key), toolbox);
  const story = explainEntry(key, { ...known, planned });
  toolbox.terminal.print(
    readOutput(invocation) === 'json' ? formatWhyJson(story) : formatWhyText(story, toolbox.terminal),
  );
  return 'ok';
};

/** Where the account cannot be read, what is recorded still can. */
async function lookAt<Seen>(key: AppKey, look: () => Promise<Seen>, { terminal }: Toolbox): Promise<Seen> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof PlatformError) {
      terminal.note(`Without the account: callbackd why ${key} --offline tells what is recorded.\n`);
    }
    throw error;
  }
}
