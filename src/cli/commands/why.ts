/** `callbackd why KEY`: everything that bears on one entry. */

import { collectParts, explainEntry, STORY_CHANGES_MAX } from '../../documents/explain-entry.ts';
import { formatWhyJson } from '../../documents/why-json.ts';
import { nearestWord } from '../../lib/nearest-word.ts';
import { asAppKey } from '../../model/identity.ts';
import { CommandFailure } from '../command-failure.ts';
import type { CommandRun } from '../command-spec.ts';
import { loadOrReport } from '../report-diagnostics.ts';
import { readOutput } from '../shared-options.ts';
import { formatWhyText } from '../views/why-text.ts';

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
  const planned = isOffline ? undefined : await toolbox.inspectEntry(configuration, key);
  const story = explainEntry(key, { ...known, planned });
  toolbox.terminal.print(
    readOutput(invocation) === 'json' ? formatWhyJson(story) : formatWhyText(story, toolbox.terminal),
  );
  return 'ok';
};

function refuseKey(key: string, keys: readonly string[]): CommandFailure {
  const near = nearestWord(key, keys);
  return new CommandFailure('failed', `nothing is known of an entry ${JSON.stringify(key)}`, [
    near === undefined ? 'it is in neither the file, the state nor the history' : `did you mean ${near}?`,
  ]);
}
