/**
 * Sends a request to the running daemon and prints its answer; where no daemon listens, says what to do
 * instead.
 */

import { readUserName } from '../../app/context.ts';
import { AppFailure } from '../../app/failure.ts';
import { openControl } from '../../app/open-control.ts';
import {
  type ControlAnswer,
  type ControlClient,
  DaemonUnreachableError,
} from '../../daemon/control-client.ts';
import type { Message } from '../../messages/message.ts';
import type { CommandContext, Invocation } from './command-spec.ts';
import type { ExitName } from './exit-codes.ts';
import { languageOfAnswer, readCommonFlags, readOutput } from './options.ts';

export interface Question {
  /** What to do where no daemon listens, one line each. */
  readonly instead: readonly Message[];
  /** `by` is the name the daemon writes down. */
  ask(client: ControlClient, by: string): Promise<ControlAnswer>;
}

/**
 * Prints the answer and returns it; the caller picks the exit. Throws an AppFailure where no daemon listens.
 */
export async function askDaemon(
  invocation: Invocation,
  { instead, ask }: Question,
  context: CommandContext,
): Promise<ControlAnswer> {
  const { terminal } = context;
  const client = await openControl(readCommonFlags(invocation), context, {
    language: languageOfAnswer(invocation, context),
  });
  const answer = await ask(client, readUserName(context)).catch((error: unknown) => {
    if (!(error instanceof DaemonUnreachableError)) throw error;
    throw new AppFailure('failed', error.problem, instead, error);
  });
  if (readOutput(invocation) === 'json') {
    const { ok, message, result } = answer;
    const document = { format_version: 1, ok, message, result: result ?? null };
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
  } else if (answer.ok) {
    terminal.print(`${answer.message}\n`);
  } else {
    terminal.note(`${terminal.translate('cli.error', { problem: answer.message })}\n`);
  }
  return answer;
}

/** The exit of a command that the daemon either takes or refuses. */
export function exitOfAnswer({ ok }: ControlAnswer): ExitName {
  return ok ? 'ok' : 'failed';
}
