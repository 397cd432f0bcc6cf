/** An error as a plain object for the log: what it is, what it says, and what caused it. It never shows other members. */

import { inspect } from 'node:util';

export interface DescribedError {
  readonly type?: string;
  readonly message: string;
  /** The system's or the class's own code. */
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** A chain of causes longer than this has nothing more to say. */
const CAUSES_MAX = 5;

/** Anything can be thrown: what is no error becomes its text. */
export function describeError(
  error: unknown,
  { withStack, causesMax = CAUSES_MAX }: { readonly withStack: boolean; readonly causesMax?: number },
): DescribedError {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? error : inspect(error) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const goesOn = cause !== undefined && causesMax > 0;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(withStack && stack !== undefined ? { stack } : {}),
    ...(goesOn ? { cause: describeError(cause, { withStack: false, causesMax: causesMax - 1 }) } : {}),
  };
}
