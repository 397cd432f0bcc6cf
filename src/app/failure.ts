/** The failures that a command explains to a person. What is not one of them is a bug. */

import { DiskError } from '../lib/disk.ts';
import { SocketPathError } from '../lib/unix-socket.ts';
import { type Message, message, verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { CredentialsError } from '../model/credentials.ts';
import { StateLockedError, StateRefusedError } from '../record/state-errors.ts';

/** The kind of failure, which decides the exit code. */
export type FailureKind = 'failed' | 'invalid_configuration' | 'locked' | 'credentials_refused';

export class AppFailure extends Error {
  override readonly name = 'AppFailure' as const;
  readonly kind: FailureKind;
  readonly problem: Message;
  /** What to do about it, one line each. */
  readonly advice: readonly Message[];

  constructor(kind: FailureKind, problem: Message, advice: readonly Message[] = [], cause?: unknown) {
    super(say(problem), cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.problem = problem;
    this.advice = advice;
  }
}

/** The failure that an error of a lower folder stands for; undefined for a bug. */
export function asAppFailure(error: unknown): AppFailure | undefined {
  if (error instanceof AppFailure) return error;
  if (error instanceof CredentialsError) {
    return failure('credentials_refused', error.explanation, error.advice);
  }
  if (error instanceof StateLockedError) {
    return failure('locked', error.explanation, message('app.state_locked_advice'));
  }
  if (error instanceof StateRefusedError) {
    return failure('failed', error.explanation, error.advice);
  }
  if (error instanceof SocketPathError) {
    return failure('failed', verbatim(error.message), message('app.control_socket_advice'));
  }
  if (isListenFailure(error)) {
    const { address, port, code = 'unknown reason' } = error;
    const problem = message('app.cannot_listen', { address, port, code });
    return failure('failed', problem, message('app.status_listen_advice'));
  }
  if (error instanceof DiskError) {
    return failure('failed', verbatim(error.message), message('app.cannot_record_advice'));
  }
  return undefined;

  function failure(kind: FailureKind, problem: Message, advice: Message): AppFailure {
    return new AppFailure(kind, problem, [advice], error);
  }
}

/** What Node throws when an address is taken, or is not ours to take. */
function isListenFailure(
  error: unknown,
): error is NodeJS.ErrnoException & { readonly address: string; readonly port: number } {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen' && 'port' in error;
}
