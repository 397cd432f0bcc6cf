/**
 * A JSON log line to a line for a terminal: time, level, message, then the fields. Text from outside cannot move the cursor,
 * switch colours or reorder what is read: such characters are shown as escapes.
 */

import { printable } from '../lib/printable.ts';
import type { DescribedError } from './describe-error.ts';
import type { LoggedProblem } from './log-fields.ts';

const LEVELS: Readonly<Record<string, { readonly label: string; readonly color: number }>> = {
  error: { label: 'ERROR', color: 31 },
  warn: { label: 'WARN ', color: 33 },
  info: { label: 'INFO ', color: 32 },
  debug: { label: 'DEBUG', color: 36 },
};
const DIM = 2;
const BOLD = 1;
const PLAIN_VALUE = /^[^\s"'=]+$/u;

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly err?: DescribedError;
  readonly problems?: readonly LoggedProblem[];
  readonly [field: string]: unknown;
}

/** The result takes one JSON line and gives text that ends with a line end. */
export function createLineFormatter({ color }: { readonly color: boolean }): (line: string) => string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  return (json) => {
    const { level, time, msg, err, problems, ...fields } = JSON.parse(json) as Line;
    const known = LEVELS[level] ?? { label: level, color: BOLD };
    const shown = Object.entries({ ...fields, ...(err === undefined ? {} : { err: err.message }) }).map(
      ([name, value]) => `${paint(DIM, `${name}=`)}${formatValue(value)}`,
    );
    const head = [
      paint(DIM, `${time.slice(11, 19)}Z`),
      paint(known.color, known.label),
      paint(BOLD, printable(msg)),
    ];
    const below = [...(problems ?? []).map(formatProblem), ...formatError(err)];
    return [[...head, ...shown].join(' '), ...below.map((text) => `    ${printable(text)}`), ''].join('\n');
  };
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatValue).join(',');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return printable(PLAIN_VALUE.test(text) ? text : JSON.stringify(text));
}

function formatProblem({ file, line, column, severity, message, hint }: LoggedProblem): string {
  return `${file}:${line}:${column}: ${severity}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

function formatError(err: DescribedError | undefined): readonly string[] {
  if (err === undefined) return [];
  const stack =
    err.stack
      ?.split('\n')
      .slice(1)
      .map((line) => line.trim()) ?? [];
  return [...stack, ...formatCauses(err.cause)];
}

function formatCauses(cause: DescribedError | undefined): readonly string[] {
  if (cause === undefined) return [];
  return [`caused by ${cause.type ?? 'error'}: ${cause.message}`, ...formatCauses(cause.cause)];
}
