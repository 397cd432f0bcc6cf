/** Turns the errors that other folders throw into failures a command can explain. What it does not know, it returns. */

import { CommandFailure } from '../cli/command-failure.ts';
import { DiskError } from '../lib/disk.ts';
import { SocketPathError } from '../lib/unix-socket.ts';
import { CredentialsError } from '../model/credentials.ts';
import { StateLockedError, StateRefusedError } from '../record/state-errors.ts';

function translateFailure(error: unknown): unknown {
  if (error instanceof CredentialsError) {
    return new CommandFailure('credentials_refused', error.message, [error.advice], error);
  }
  if (error instanceof StateLockedError) {
    return new CommandFailure(
      'locked',
      error.message,
      ['stop that process, or talk to it over its control socket'],
      error,
    );
  }
  if (error instanceof StateRefusedError) {
    return new CommandFailure('failed', `${error.file} ${error.problem}`, [error.advice], error);
  }
  if (error instanceof SocketPathError) {
    return new CommandFailure(
      'failed',
      error.message,
      ['name another path in `control.socket`, or `off`'],
      error,
    );
  }
  if (isListenFailure(error)) {
    return new CommandFailure(
      'failed',
      `cannot listen on ${error.address}:${error.port} (${error.code})`,
      ['name another address in `status.listen`, or `off`'],
      error,
    );
  }
  if (error instanceof DiskError) {
    return new CommandFailure(
      'failed',
      error.message,
      ['callbackd sends nothing to the platform that it cannot record'],
      error,
    );
  }
  return error;
}

/** Runs `work` with its failures translated. */
export async function translating<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translateFailure(error);
  }
}

/** What Node throws when an address is taken, or is not ours to take. */
function isListenFailure(
  error: unknown,
): error is NodeJS.ErrnoException & { readonly address: string; readonly port: number } {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen' && 'port' in error;
}
