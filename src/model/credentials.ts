/** What can be wrong with the credentials before the platform has even seen them. */

/**
 * `unset`: no token was given. `missing`: the file is not there. `empty`: it holds no token. `unreadable`: it cannot be
 * read, or holds something that is no token or key. `refused`: the platform would not exchange it for a token.
 */
export type CredentialsProblem = 'unset' | 'missing' | 'empty' | 'unreadable' | 'refused';

/** There is no usable token. The message names the file or variable, never its content. Exit code 6. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError' as const;
  readonly problem: CredentialsProblem;
  /** What the operator should do. */
  readonly advice: string;

  constructor(
    problem: CredentialsProblem,
    message: string,
    options: { readonly advice: string; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.problem = problem;
    this.advice = options.advice;
  }
}
