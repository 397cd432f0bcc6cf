/** `callbackd resume [KEY]`: ends a pause that was made with `pause`. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';
import { CONTROL_OPTIONS } from '../command-line/options.ts';

const INSTEAD = [
  'a pause made with `callbackd pause` is ended by the daemon that keeps it: start it, then resume',
  'a pause in the file ends when you remove `paused:` there',
];

const run: CommandRun = async (invocation, toolbox) => {
  const { askDaemon, exitOfAnswer } = await import('../command-line/ask-daemon.ts');
  const [key] = invocation.args;
  return exitOfAnswer(
    await askDaemon(invocation, { instead: INSTEAD, ask: (client, by) => client.resume(key, by) }, toolbox),
  );
};

export const RESUME: CommandSpec = {
  name: 'resume',
  arguments: [{ name: 'key', required: false }],
  options: CONTROL_OPTIONS,
  examples: ['callbackd resume orders'],
  load: async () => run,
};
