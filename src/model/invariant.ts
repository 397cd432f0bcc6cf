/** A bug in callbackd, unlike an operator's mistake or a platform error. */
export class InternalError extends Error {
  override readonly name = 'InternalError' as const;
}

/**
 * Ends a switch over a closed union: the compiler refuses a forgotten case, and a value from outside the
 * types throws.
 */
export function assertNever(value: never): never {
  throw new InternalError(`unexpected value ${JSON.stringify(value)}`);
}
