/** `callbackd approve DIGEST|KEY`: a one-shot grant for the running daemon. */

import type { CommandRun, CommandSpec } from '../command-line/command-spec.ts';
import { CONTROL_OPTIONS } from '../command-line/options.ts';

const run: CommandRun = async (invocation, toolbox) => {
  const { askDaemon, exitOfAnswer } = await import('../command-line/ask-daemon.ts');
  const [subject = ''] = invocation.args;
  const instead = [`without a daemon, approve and apply in one: callbackd apply --approve ${subject}`];
  return exitOfAnswer(
    await askDaemon(invocation, { instead, ask: (client, by) => client.approve(subject, by) }, toolbox),
  );
};

export const APPROVE: CommandSpec = {
  name: 'approve',
  summary: 'let the daemon do, once, what it holds back',
  description:
    'Releases what the plan in force withholds for the digest or the entry that you name, or a configuration that is ' +
    'held. The plan says which. It holds for one round; protected and paused entries stay as they are.',
  arguments: [
    {
      name: 'digest-or-key',
      description: 'a plan digest (8 characters of it are enough) or the key of an entry',
      required: true,
    },
  ],
  options: CONTROL_OPTIONS,
  examples: [
    { command: 'callbackd approve 3fa91c0d22b7', does: 'approve the plan with this digest' },
    { command: 'callbackd approve orders', does: 'approve what is held back for one entry' },
  ],
  load: async () => run,
};
