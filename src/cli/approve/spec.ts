/** `callbackd approve DIGEST|KEY`: a one-shot grant for the running daemon. */

import { message } from '../../messages/message.ts';
import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';
import { CONTROL_OPTIONS } from '../command-line/options.ts';

const run: CommandRun = async (invocation, context) => {
  const { askDaemon, exitOfAnswer } = await import('../command-line/ask-daemon.ts');
  const [subject = ''] = invocation.args;
  const instead = [message('cli.approve_instead', { subject })];
  return exitOfAnswer(
    await askDaemon(invocation, { instead, ask: (client, by) => client.approve(subject, by) }, context),
  );
};

export const APPROVE: CommandSpec = {
  name: 'approve',
  arguments: [
    {
      name: 'digest-or-key',
      required: true,
    },
  ],
  options: CONTROL_OPTIONS,
  examples: ['callbackd approve 3fa91c0d22b7', 'callbackd approve orders'],
  load: async () => run,
};
