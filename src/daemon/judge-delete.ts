/** What the configuration says to a planned delete at the moment it is to leave. */

import { type Message, message } from '../messages/message.ts';
import type { Change } from '../model/plan.ts';
import { judgeFiles } from '../reconcile/judge-files.ts';
import type { ConfigurationKeeper } from './configuration-keeper.ts';
import type { Configuration, Configurations } from './ports.ts';

/** Why the delete must not leave; undefined lets it pass. `made`: the configuration it was planned on. */
export async function judgeDelete(
  change: Change,
  made: Configuration,
  {
    keeper,
    configurations,
  }: { readonly keeper: ConfigurationKeeper; readonly configurations: Configurations },
): Promise<Message | undefined> {
  const refused = judgeStanding(keeper);
  if (refused !== undefined) return refused;
  const { judge } = configurations;
  const now = await configurations.look(made);
  return (
    judgeFiles(change, { made, now, ...(judge === undefined ? {} : { judge }) }) ?? judgeStanding(keeper)
  );
}

/** What is known already, without a look at the files. */
function judgeStanding(keeper: ConfigurationKeeper): Message | undefined {
  const { problem } = keeper.standing;
  if (problem === undefined) return undefined;
  return message(problem.kind === 'invalid' ? 'apply.files_invalid' : 'apply.files_held');
}
