/**
 * The event log: events of the catalogue go in, one line each comes out, as JSON or for a terminal. Every line passes the
 * redaction; a line is handed to the destination at once, and nothing is kept back in this process.
 */

import type { LogLevel } from '../model/settings.ts';
import { describeError } from './describe-error.ts';
import { createLineFormatter } from './format-log-line.ts';
import { LOG_EVENTS, type LogEventName, type LogFieldsOf } from './log-events.ts';
import { LOG_FIELDS, type LogFieldName } from './log-fields.ts';
import { redact } from './redact.ts';

/** Where lines go; `process.stdout` and `process.stderr` are such. Its errors are its owner's to handle. */
export interface LogDestination {
  /** `done` is called when this text and all before it are written, or cannot be. */
  write(text: string, done?: (error?: Error | null) => void): unknown;
  readonly isTTY?: boolean;
}

export interface EventLogOptions {
  readonly destination: LogDestination;
  readonly level: LogLevel;
  /** `auto`: pretty on a terminal, else JSON. */
  readonly format: 'json' | 'pretty' | 'auto';
  readonly clock: { now(): number };
  /** Colours for `pretty`. */
  readonly color?: boolean;
}

export interface EventLog {
  /** Never throws. */
  write<Name extends LogEventName>(name: Name, fields: LogFieldsOf<Name>): void;
  /** From now on each line carries this round; `undefined` ends that. A field `round` given to `write` wins. */
  setRound(round: number | undefined): void;
  /** Whether lines of this event are written at all; for those that cost something to put together. */
  writes(name: LogEventName): boolean;
  /** Resolves when all lines so far have left the process, or the destination is broken. Never rejects. */
  flush(): Promise<void>;
}

/** From the worst on. */
const LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'];

export function createEventLog({ destination, level, format, clock, color }: EventLogOptions): EventLog {
  const isPretty = format === 'pretty' || (format === 'auto' && destination.isTTY === true);
  const formatLine = isPretty ? createLineFormatter({ color: color ?? false }) : undefined;
  const written = new Set(LEVELS.slice(0, LEVELS.indexOf(level) + 1));
  let round: number | undefined;
  return {
    write(name, fields) {
      const event = LOG_EVENTS[name];
      if (!written.has(event.level)) return;
      const time = new Date(clock.now()).toISOString();
      const encoded = encodeFields({ round, ...fields }, event.level === 'error');
      const line = `${JSON.stringify({ level: event.level, time, ...encoded, msg: event.msg })}\n`;
      destination.write(formatLine === undefined ? line : formatLine(line));
    },
    setRound(next) {
      round = next;
    },
    writes: (name) => written.has(LOG_EVENTS[name].level),
    flush: () => new Promise((resolve) => void destination.write('', () => resolve())),
  };
}

function encodeFields(fields: Readonly<Record<string, unknown>>, withStack: boolean): object {
  const encoded = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, encodeField(name as LogFieldName, value, withStack)]);
  return Object.fromEntries(encoded);
}

function encodeField(name: LogFieldName, value: unknown, withStack: boolean): unknown {
  const { type } = LOG_FIELDS[name];
  if (type === 'instant') return new Date(value as number).toISOString();
  return redact(type === 'error' ? describeError(value, { withStack }) : value);
}
