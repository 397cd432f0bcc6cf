/**
 * The closed catalogue of log events, as data: the constant message, the level, the fields and the meaning of each line that
 * callbackd can write. The page docs/log-events.md holds the same list, and a test compares the two.
 */

import { DAEMON_LOG_EVENTS } from './log-events-daemon.ts';
import { ROUND_LOG_EVENTS } from './log-events-round.ts';
import type { LogFieldName, LogFieldValue } from './log-fields.ts';

export const LOG_EVENTS = { ...DAEMON_LOG_EVENTS, ...ROUND_LOG_EVENTS } as const;

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
