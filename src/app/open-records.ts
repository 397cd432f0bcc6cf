/** What a running callbackd writes: the event log and the history. */

import { nodeDisk } from '../lib/disk-node.ts';
import { createEventLog, type EventLog, loadLineFormatter } from '../log/event-log.ts';
import { openLogDestination, shareStream } from '../log/log-destination.ts';
import { writeCall, writeOutcome, writePlan } from '../log/write-round.ts';
import type { Settings } from '../model/settings.ts';
import { createHistory } from '../record/history.ts';
import type { Closers } from './closers.ts';
import type { Context } from './context.ts';
import type { Observer } from './observers.ts';

const STDOUT = 1;

/**
 * The daemon's log is all that goes to stdout, so it may be written past the stream; commands write to stderr
 * themselves.
 */
export async function openEventLog(
  { log: { level, format } }: Settings,
  context: Context,
  { stream, closers }: { readonly stream: 'stdout' | 'stderr'; readonly closers: Closers },
): Promise<EventLog> {
  const { environment, clock } = context;
  const isTTY = context[stream].isTTY === true;
  const color = isTTY && (environment['NO_COLOR'] ?? '') === '';
  const formatLine = await loadLineFormatter(format, { isTTY, color });
  const destination = stream === 'stdout' ? openLogDestination(STDOUT, clock) : shareStream(context.stderr);
  const log = createEventLog({ destination, level, clock, formatLine });
  closers.add(() => log.close());
  return log;
}

export function createLogObserver(log: EventLog): Observer {
  return {
    onCall: (report, about) => writeCall(log, report, about),
    onPlanned: (plan) => writePlan(log, plan),
    onOutcome: (outcome) => writeOutcome(log, outcome),
  };
}

export interface OpenHistory {
  readonly observer: Observer;
  /** Resolves when every outcome so far is written, or given up. */
  settle(): Promise<void>;
}

/** `apply` by a person keeps its history under this round. */
const ROUND_OF_A_COMMAND = 0;

export function openHistory({ stateDir }: Settings, log: EventLog, closers: Closers): OpenHistory {
  const history = createHistory({
    disk: nodeDisk,
    dir: stateDir,
    onProblem: ({ error, lostLines }) => log.write('history_not_written', { err: error, lostLines }),
  });
  closers.add(() => history.close());
  const appends = new Set<Promise<void>>();
  const settle = async () => void (await Promise.all(appends));
  closers.add(settle);
  let round = ROUND_OF_A_COMMAND;
  return {
    observer: {
      onEvent(event) {
        if (event.type === 'round_started') ({ round } = event);
      },
      onOutcome(outcome) {
        const append = history.append(round, outcome).finally(() => appends.delete(append));
        appends.add(append);
      },
    },
    settle,
  };
}
