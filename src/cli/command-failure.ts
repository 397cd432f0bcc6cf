/** A failure that a command can explain: found by a command itself; `app/failure.ts` has those of the program behind it. */

import type { ExitName } from './command-line/exit-codes.ts';

export class CommandFailure extends Error {
  override readonly name = 'CommandFailure' as const;
  readonly exit: ExitName;
  /** What to do about it, one line each. */
  readonly advice: readonly string[];

  constructor(exit: ExitName, message: string, advice: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exit = exit;
    this.advice = advice;
  }
}
