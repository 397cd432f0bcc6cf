/** Asks the running daemon something and tells the person what it said; or, where no daemon listens, what to do instead. */

import {
  type ControlAnswer,
  type ControlClient,
  DaemonUnreachableError,
} from '../../daemon/control-client.ts';
import { CommandFailure } from '../command-failure.ts';
import type { Toolbox } from '../ports.ts';
import type { Invocation } from './command-spec.ts';
import type { ExitName } from './exit-codes.ts';
import { readCommonFlags, readOutput } from './options.ts';

export interface Question {
  /** What to do where no daemon listens, one line each. */
  readonly instead: readonly string[];
  /** `by` is the name the daemon writes down. */
  ask(client: ControlClient, by: string): Promise<ControlAnswer>;
}

/** Prints the answer and gives it back; the caller picks the exit. */
export async function askDaemon(
  invocation: Invocation,
  { instead, ask }: Question,
  toolbox: Toolbox,
): Promise<ControlAnswer> {
  const { terminal } = toolbox;
  const client = await toolbox.openControl(readCommonFlags(invocation));
  const answer = await ask(client, toolbox.userName()).catch((error: unknown) => {
    if (!(error instanceof DaemonUnreachableError)) throw error;
    throw new CommandFailure('failed', error.message, instead, error);
  });
  if (readOutput(invocation) === 'json') {
    const { ok, message, result } = answer;
    const document = { format_version: 1, ok, message, result: result ?? null };
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
  } else if (answer.ok) {
    terminal.print(`${answer.message}\n`);
  } else {
    terminal.note(`error: ${answer.message}\n`);
  }
  return answer;
}

/** The exit of a command that the daemon either takes or refuses. */
export function exitOfAnswer({ ok }: ControlAnswer): ExitName {
  return ok ? 'ok' : 'failed';
}
