/**
 * The table of events, from daemon-events.ts and round-events.ts: each is a line of the log and is passed to observers in the process.
 * docs/log-events.md is generated from it, and the types of `write` follow from it.
 */

import { DAEMON_EVENTS } from './daemon-events.ts';
import type { LogFieldName, LogFieldValue } from './fields.ts';
import { ROUND_EVENTS } from './round-events.ts';

export const LOG_EVENTS = { ...DAEMON_EVENTS, ...ROUND_EVENTS } as const;

export type LogEventName = keyof typeof LOG_EVENTS;

type EntriesOf<Name extends LogEventName> = (typeof LOG_EVENTS)[Name]['fields'][number];
type Required<Entry> = Entry extends LogFieldName ? Entry : never;
type Optional<Entry> = Entry extends `${infer Field extends LogFieldName}?` ? Field : never;

/** What an event must and may carry; an optional field may be given as `undefined`. */
export type LogFieldsOf<Name extends LogEventName> = {
  readonly [Field in Required<EntriesOf<Name>>]: LogFieldValue<Field>;
} & {
  readonly [Field in Optional<EntriesOf<Name>>]?: LogFieldValue<Field> | undefined;
};

/** An event as observers see it. */
export type LogEvent = {
  readonly [Name in LogEventName]: { readonly type: Name } & LogFieldsOf<Name>;
}[LogEventName];
