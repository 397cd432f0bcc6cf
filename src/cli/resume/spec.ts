/** `callbackd resume [KEY]`: ends a pause started with `pause`. */

import { message } from '../../messages/message.ts';
import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';
import { CONTROL_OPTIONS } from '../command-line/options.ts';

const INSTEAD = [message('cli.resume_instead'), message('cli.resume_in_file')];

const run: CommandRun = async (invocation, context) => {
  const { askDaemon, exitOfAnswer } = await import('../command-line/ask-daemon.ts');
  const [key] = invocation.args;
  return exitOfAnswer(
    await askDaemon(invocation, { instead: INSTEAD, ask: (client, by) => client.resume(key, by) }, context),
  );
};

export const RESUME: CommandSpec = {
  name: 'resume',
  arguments: [{ name: 'key', required: false }],
  options: CONTROL_OPTIONS,
  examples: ['callbackd resume orders'],
  load: async () => run,
};
