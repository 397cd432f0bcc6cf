/** A listing that could not be proven complete. Nothing may be concluded from it, so nothing of it is kept. */
import type { FailureDetails, Operation } from '../model/calls.ts';

export class IncompleteListingError extends Error {
  override readonly name = 'IncompleteListingError' as const;
  /** In the form that rounds and commands report every failure in. */
  readonly details: FailureDetails;

  constructor(problem: string, operation: Operation) {
    super(`${operation}: the listing cannot be proven complete: ${problem}`);
    this.details = {
      kind: 'bad_response',
      operation,
      message: this.message,
      advice:
        'nothing was changed; if it goes on, report it to the platform with the logids of these requests',
      attempts: 1,
    };
  }
}
