/** `callbackd resume [KEY]`: ends a pause that was made with `pause`. */

import { askDaemon, exitOfAnswer } from '../ask-daemon.ts';
import type { CommandRun } from '../command-spec.ts';

const INSTEAD = [
  'a pause made with `callbackd pause` is ended by the daemon that keeps it: start it, then resume',
  'a pause in the file ends when you remove `paused:` there',
];

export const run: CommandRun = async (invocation, toolbox) => {
  const [key] = invocation.args;
  return exitOfAnswer(
    await askDaemon(invocation, { instead: INSTEAD, ask: (client, by) => client.resume(key, by) }, toolbox),
  );
};
