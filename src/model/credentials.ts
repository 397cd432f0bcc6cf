/** What can be wrong with the credentials before the platform has even seen them. */

import type { Message } from '../messages/message.ts';
import { say } from '../messages/say.ts';

/**
 * `unset`: no token was given. `missing`: the file is not there. `empty`: it holds no token. `unreadable`: it
 * cannot be read, or does not contain a token or key. `refused`: the platform would not exchange it for a
 * token.
 */
export type CredentialsProblem = 'unset' | 'missing' | 'empty' | 'unreadable' | 'refused';

/** There is no usable token. The message names the file or variable, never its content. Exit code 6. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError' as const;
  readonly problem: CredentialsProblem;
  /** What `message` says in English. */
  readonly explanation: Message;
  /** What the operator should do. */
  readonly advice: Message;

  constructor(
    problem: CredentialsProblem,
    explanation: Message,
    options: { readonly advice: Message; readonly cause?: unknown },
  ) {
    super(say(explanation), options.cause === undefined ? undefined : { cause: options.cause });
    this.problem = problem;
    this.explanation = explanation;
    this.advice = options.advice;
  }
}
