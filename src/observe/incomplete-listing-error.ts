/** A listing that could not be proven complete. Nothing may be concluded from it, so nothing of it is kept. */
import { verbatim } from '../messages/message.ts';
import { type Operation, PlatformError } from '../model/calls.ts';

export class IncompleteListingError extends PlatformError {
  override readonly name = 'IncompleteListingError';

  constructor(problem: string, operation: Operation) {
    super({
      kind: 'bad_response',
      operation,
      message: verbatim(`${operation}: the listing cannot be proven complete: ${problem}`),
      advice: verbatim(
        'nothing was changed; if it goes on, report it to the platform with the logids of these requests',
      ),
      attempts: 1,
    });
  }
}
