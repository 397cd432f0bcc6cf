/**
 * The event log: each event of the table becomes one line of `pino` and is passed to observers in the
 * process.
 */

import { type Logger, pino } from 'pino';
import type { LogLevel } from '../model/settings.ts';
import { LOG_EVENTS, type LogEvent, type LogEventName, type LogFieldsOf } from './events.ts';
import type { LogEventSpec } from './fields.ts';
import { encodeError, SERIALIZERS } from './fields.ts';
import type { LogDestination } from './log-destination.ts';

export interface EventLogOptions {
  readonly destination: LogDestination;
  readonly level: LogLevel;
  readonly clock: { now(): number };
  /** What stands for a line of JSON where people read; see `loadLineFormatter`. */
  readonly formatLine?: ((line: string) => string) | undefined;
}

/** The part of the log that writers of events need. */
export interface EventWriter {
  /** Never throws. */
  write<Name extends LogEventName>(name: Name, fields: LogFieldsOf<Name>): void;
}

export interface EventLog extends EventWriter {
  /** Calls `observer` for every further event, whatever the level; it must not throw. */
  observe(observer: (event: LogEvent) => void): void;
  /** Whether lines of this event are written at all; for those that cost something to put together. */
  writes(name: LogEventName): boolean;
  /** Lines that the destination could not take, since the start. */
  lostLines(): number;
  /** Why the destination takes nothing at this moment. */
  problem(): NodeJS.ErrnoException | undefined;
  /**
   * Resolves when all lines have left the process, or cannot. Nothing is written afterwards. Never rejects.
   */
  close(): Promise<void>;
}

export function createEventLog({ destination, level, clock, formatLine }: EventLogOptions): EventLog {
  const observers: ((event: LogEvent) => void)[] = [];
  let round: number | undefined;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { ...SERIALIZERS },
      // A round that the event names itself wins.
      mixin: () => ({ round }),
    },
    { write: (line) => destination.write(formatLine === undefined ? line : formatLine(line)) },
  );
  const loggers: Readonly<Record<LogEventSpec['level'], Logger>> = {
    error: logger.child({}, { serializers: { err: (value) => encodeError(value, { withStack: true }) } }),
    warn: logger,
    info: logger,
    debug: logger,
  };
  const log: EventLog = {
    write(name, fields) {
      const spec: LogEventSpec = LOG_EVENTS[name];
      if (spec.round === 'begins') ({ round } = fields as { round?: number });
      const line: object = fields;
      loggers[spec.level][spec.level](line, spec.msg);
      if (spec.round === 'ends') round = undefined;
      for (const observe of observers) observe({ type: name, ...fields } as unknown as LogEvent);
    },
    observe: (observer) => void observers.push(observer),
    writes: (name) => logger.isLevelEnabled(LOG_EVENTS[name].level),
    lostLines: () => destination.lostLines?.() ?? 0,
    problem: () => destination.problem?.(),
    close: () => destination.close(),
  };
  destination.onRecovered?.((lostLines) => log.write('log_lines_lost', { lostLines }));
  return log;
}

/**
 * For `createEventLog`: nothing for JSON. `auto` is for people on a terminal. What prints for people is
 * loaded only then.
 */
export async function loadLineFormatter(
  format: 'json' | 'pretty' | 'auto',
  { isTTY, color }: { readonly isTTY: boolean; readonly color: boolean },
): Promise<((line: string) => string) | undefined> {
  if (format === 'json' || (format === 'auto' && !isTTY)) return undefined;
  const { createLineFormatter } = await import('./pretty-line.ts');
  return createLineFormatter({ color });
}
