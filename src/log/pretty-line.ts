/** Lines for a terminal, by `pino-pretty`: time, level, message and fields, and below them what is long. */

import { prettyFactory } from 'pino-pretty';
import type { DescribedError, LoggedProblem } from './fields.ts';

const PLAIN_VALUE = /^[^\s"'=]+$/u;

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly err?: DescribedError;
  readonly problems?: readonly LoggedProblem[];
  readonly [field: string]: unknown;
}

/**
 * The result takes one JSON line and gives text that ends with a line end. The text in it is taken as it is:
 * see `clean`.
 */
export function createLineFormatter({ color }: { readonly color: boolean }): (line: string) => string {
  return prettyFactory({
    colorize: color,
    customColors: 'error:red,warn:yellow,info:green,debug:cyan,message:reset',
    useOnlyCustomProps: false,
    translateTime: "UTC:HH:MM:ss'Z'",
    customPrettifiers: { time: (time) => String(time) },
    hideObject: true,
    messageFormat(log, _messageKey, _levelLabel, { colors }) {
      const { level: _, time: __, msg, err, problems, ...fields } = log as unknown as Line;
      const shown = Object.entries({ ...fields, ...(err === undefined ? {} : { err: err.message }) });
      const head = [
        colors.bold(msg),
        ...shown.map(([name, value]) => `${colors.dim(`${name}=`)}${formatValue(value)}`),
      ];
      const below = [...(problems ?? []).map(formatProblem), ...formatError(err)];
      return [head.join(' '), ...below.map((text) => `    ${text}`)].join('\n');
    },
  });
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatValue).join(',');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return PLAIN_VALUE.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
}

function formatProblem({ file, line, column, severity, message, hint }: LoggedProblem): string {
  return `${file}:${line}:${column}: ${severity}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** The stack without its first line, which repeats the message, and the causes. */
function formatError(err: DescribedError | undefined): readonly string[] {
  if (err === undefined) return [];
  const stack = err.stack?.split('\n').slice(1) ?? [];
  return [...stack.map((line) => line.trim()), ...formatCauses(err.cause)];
}

function formatCauses(cause: DescribedError | undefined): readonly string[] {
  if (cause === undefined) return [];
  return [`caused by ${cause.type ?? 'error'}: ${cause.message}`, ...formatCauses(cause.cause)];
}
