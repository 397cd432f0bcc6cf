/**
 * What a line holds for each type of field, as serializers of `pino`. All text in it is masked and printable.
 */

import { inspect } from 'node:util';
import { printable } from '../lib/printable.ts';
import type { Message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { type Diagnostic, sayDiagnostic } from '../model/diagnostic.ts';
import { Secret } from '../model/secret.ts';
import { isSecretName, maskSecretShapes } from '../model/secret-shapes.ts';
import { LOG_FIELDS } from './fields.ts';

/** A diagnostic of the configuration, flat. */
export interface LoggedProblem {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What an error is and says, and what caused it; its other members are never shown. */
export interface DescribedError {
  readonly type?: string;
  readonly message: string;
  /** The system's or the class's own code. */
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

const MASK = '[masked]';
/** Errors nest by `cause`; nothing that is logged on purpose is deeper. */
const DEPTH_MAX = 8;
/** An error may be its own cause. */
const CAUSES_MAX = 5;

const ENCODERS: Readonly<
  Record<(typeof LOG_FIELDS)[keyof typeof LOG_FIELDS]['type'], (value: never) => unknown>
> = {
  text: (text: unknown) => clean(text),
  sentence: (given: string | Message) => clean(typeof given === 'string' ? given : say(given)),
  texts: (texts: unknown) => clean(texts),
  number: (number: unknown) => clean(number),
  flag: (flag: unknown) => clean(flag),
  instant: (at: number) => new Date(at).toISOString(),
  error: (error: unknown) => encodeError(error, { withStack: false }),
  problems: (diagnostics: readonly Diagnostic[]) => clean(diagnostics.map(flattenDiagnostic)),
  report: () => undefined,
};

/** By the name of the field. */
export const SERIALIZERS: Readonly<Record<string, (value: unknown) => unknown>> = Object.fromEntries(
  Object.entries(LOG_FIELDS).map(([name, { type }]) => [name, ENCODERS[type] as (value: unknown) => unknown]),
);

/** Anything can be thrown: what is no error becomes its text. */
export function encodeError(error: unknown, { withStack }: { readonly withStack: boolean }): unknown {
  const described = describeError(error, withStack, CAUSES_MAX);
  const encoded = clean(described) as DescribedError;
  if (described.stack === undefined) return encoded;
  // Its line ends are the only ones in the log; pretty lines are made at them.
  const lines = maskSecretShapes(described.stack, MASK).split('\n').map(printable);
  return { ...encoded, stack: lines.join('\n') };
}

function describeError(error: unknown, withStack: boolean, causesMax: number): DescribedError {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? error : inspect(error) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(withStack && stack !== undefined ? { stack } : {}),
    ...(cause === undefined || causesMax === 0 ? {} : { cause: describeError(cause, false, causesMax - 1) }),
  };
}

function flattenDiagnostic(diagnostic: Diagnostic): LoggedProblem {
  const { code, severity, message, hint, position } = sayDiagnostic(diagnostic);
  const { file, line, column } = position;
  return { code, severity, message, ...(hint === undefined ? {} : { hint }), file, line, column };
}

/**
 * A copy of a JSON-like value without anything that looks like a credential or could move a cursor: the
 * second net, the first is that secrets are `Secret`s and never given to the log at all. What is nested too
 * deeply is masked as a whole.
 */
function clean(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return printable(maskSecretShapes(value, MASK));
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Secret) return MASK;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return MASK;
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  const members = Object.entries(value).map(([name, member]) => [
    clean(name),
    isSecretName(name) && member !== undefined ? MASK : clean(member, depth + 1),
  ]);
  return Object.fromEntries(members);
}
