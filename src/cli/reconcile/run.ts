/** `callbackd reconcile [--wait]`: asks the running daemon for a round now. */

import type { ControlClient } from '../../daemon/control-client.ts';
import { message } from '../../messages/message.ts';
import { askDaemon } from '../command-line/ask-daemon.ts';
import type { CommandRun } from '../command-line/command-spec.ts';
import { type ExitName, worstExit } from '../command-line/exit-codes.ts';
import type { Terminal } from '../terminal.ts';

const INSTEAD = [message('cli.reconcile_instead')];

export const run: CommandRun = async (invocation, context) => {
  const wait = invocation.options['wait'] === true;
  const exits: ExitName[] = [];
  const { ok, result } = await askDaemon(
    invocation,
    {
      instead: INSTEAD,
      async ask(client, by) {
        const answer = await client.reconcile({ by, wait });
        if (wait && answer.ok) exits.push(await tellProblem(client, context.terminal));
        return answer;
      },
    },
    context,
  );
  if (!ok) return 'failed';
  if (result === 'held') exits.push('held');
  else if (result !== undefined && result !== 'converged') exits.push('failed');
  return worstExit(exits);
};

/**
 * A round can converge on the last good configuration while the current files are invalid or held: report
 * that too.
 */
async function tellProblem(client: ControlClient, terminal: Terminal): Promise<ExitName> {
  const { problem } = (await client.status()).configuration;
  if (problem === null) return 'ok';
  terminal.note(`${problem.message}\n`);
  if (problem.release !== null) {
    terminal.note(`  ${terminal.translate('cli.to_release', { release: problem.release })}\n`);
  }
  return problem.kind === 'held' ? 'held' : 'invalid_configuration';
}
