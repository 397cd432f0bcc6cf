/** What the daemon tells, as lines of the event log; the only place that knows both the daemon's events and the catalogue. */

import type { DaemonEvent } from '../daemon/daemon-event.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { assertNever } from '../model/invariant.ts';
import type { EventLog } from '../record/event-log.ts';
import type { LoggedProblem } from '../record/log-fields.ts';
import { logRound } from '../record/log-round.ts';

/**
 * Writes the line of an event; what a line may hold is checked by the types of the catalogue. From the beginning of a round to
 * its end every line of the log carries its number.
 */
export function logDaemonEvent(log: EventLog, event: DaemonEvent, about: About): void {
  if (event.type === 'round_started') log.setRound(event.round);
  writeEvent(log, event, about);
  if (ENDS_ROUND.includes(event.type)) log.setRound(undefined);
}

/** The process that the events are of. */
interface About {
  readonly version: string;
}

const ENDS_ROUND: readonly DaemonEvent['type'][] = ['round_ended', 'round_threw', 'round_abandoned'];

function writeEvent(log: EventLog, event: DaemonEvent, { version }: About): void {
  switch (event.type) {
    case 'daemon_started':
      log.write(event.type, { version, ...withoutType(event) });
      return;
    case 'daemon_stopping':
      log.write(event.type, withoutType(event));
      return;
    case 'daemon_stopped':
      log.write(event.how === 'finished' ? 'daemon_stopped' : 'daemon_cut_short', withoutType(event));
      return;
    case 'configuration_reloaded':
      log.write(event.type, withoutType(event));
      return;
    case 'configuration_unchanged':
      log.write(event.type, {});
      return;
    case 'configuration_refused':
      log.write(event.type, { problems: flattenDiagnostics(event.diagnostics) });
      return;
    case 'configuration_held':
      log.write(event.type, withoutType(event));
      return;
    case 'configuration_not_kept':
      log.write(event.type, { err: event.error });
      return;
    case 'configuration_needs_restart':
      log.write(event.type, withoutType(event));
      return;
    case 'watch_failed':
      log.write(event.type, { err: event.error, againInMs: event.againInMs });
      return;
    case 'round_started':
      log.write(event.type, withoutType(event));
      return;
    case 'round_ended':
      logRound(log, event.report, event.nextAt);
      return;
    case 'round_threw':
      log.write(event.type, { round: event.round, err: event.error });
      return;
    case 'round_stuck':
      log.write(event.type, withoutType(event));
      return;
    case 'round_abandoned':
      log.write(event.type, withoutType(event));
      return;
    case 'clock_jumped':
      log.write(event.type, withoutType(event));
      return;
    case 'loop_failed':
      log.write(event.type, { err: event.error });
      return;
    case 'control_used':
      log.write(event.type, withoutType(event));
      return;
    default:
      assertNever(event);
  }
}

function withoutType<Event extends { readonly type: string }>(event: Event): Omit<Event, 'type'> {
  const { type: _, ...fields } = event;
  return fields;
}

/** Diagnostics as a log line holds them. */
export function flattenDiagnostics(diagnostics: readonly Diagnostic[]): readonly LoggedProblem[] {
  return diagnostics.map(({ code, severity, message, hint, position }) => ({
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    file: position.file,
    line: position.line,
    column: position.column,
  }));
}
