/** An event log into memory, and its lines checked against the catalogue. */

import { createEventLog, type EventLog } from '../../src/log/event-log.ts';
import { LOG_EVENTS } from '../../src/log/events.ts';
import { LOG_FIELDS, type LogFieldName } from '../../src/log/fields.ts';
import type { LogLevel } from '../../src/model/settings.ts';

export const LOG_AT = Date.UTC(2026, 10, 21, 8, 0, 0);

export type LogLine = Readonly<Record<string, unknown>>;

export interface LogCollector {
  readonly log: EventLog;
  /** The lines since the last call. */
  take(): readonly LogLine[];
}

export function collectLog(level: LogLevel = 'debug'): LogCollector {
  const lines: LogLine[] = [];
  const destination = { write: (text: string) => void lines.push(JSON.parse(text)), close: async () => {} };
  const log = createEventLog({ destination, level, clock: { now: () => LOG_AT } });
  return { log, take: () => lines.splice(0) };
}

/** What keeps a line from being one of the catalogue's; empty when nothing does. */
export function findStrayFields(line: LogLine): readonly string[] {
  const spec = Object.values(LOG_EVENTS).find((event) => event.msg === line['msg']);
  if (spec === undefined) return [`no event says ${JSON.stringify(line['msg'])}`];
  const fields = spec.fields.filter(isWritten);
  const declared = new Set(fields.map((field) => field.replace('?', '')));
  const stray = Object.keys(line).filter(
    (name) => !['level', 'time', 'msg', 'round'].includes(name) && !declared.has(name),
  );
  const missing = fields.filter((field) => !field.endsWith('?') && !(field in line));
  return [
    ...stray.map((name) => `${spec.msg}: ${name} is not declared`),
    ...missing.map((name) => `${spec.msg}: ${name} is missing`),
    ...(line['level'] === spec.level ? [] : [`${spec.msg}: level ${line['level']}`]),
  ];
}

function isWritten(field: string): boolean {
  return LOG_FIELDS[field.replace('?', '') as LogFieldName].type !== 'report';
}
