/** `callbackd approve DIGEST|KEY`: a one-shot grant for the running daemon. */

import { askDaemon, exitOfAnswer } from '../ask-daemon.ts';
import type { CommandRun } from '../command-spec.ts';

export const run: CommandRun = async (invocation, toolbox) => {
  const [subject = ''] = invocation.args;
  const instead = [`without a daemon, approve and apply in one: callbackd apply --approve ${subject}`];
  return exitOfAnswer(
    await askDaemon(invocation, { instead, ask: (client, by) => client.approve(subject, by) }, toolbox),
  );
};
