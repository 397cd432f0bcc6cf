/** A bug in callbackd, as opposed to a mistake of the operator or an answer of the platform. */
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
