/** The books that are kept while callbackd works: the event log, the history, and who tells them what. */

import { nodeDisk } from '../lib/disk-node.ts';
import { createEventLog, type EventLog, loadLineFormatter } from '../log/event-log.ts';
import { openLogDestination, shareStream } from '../log/log-destination.ts';
import { writeCall, writeOutcome, writePlan } from '../log/write-round.ts';
import { say } from '../messages/say.ts';
import type { Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { Settings } from '../model/settings.ts';
import { createHistory } from '../record/history.ts';
import type { Context } from './context.ts';
import type { AccountDeps } from './open-account.ts';

export interface Records {
  readonly log: EventLog;
  /** What an account is opened with, so that every call is logged. */
  readonly accountDeps: Omit<AccountDeps, 'budget'>;
  /** The round that entries of the history belong to from now on. */
  setRound(round: number): void;
  /** Who is told, from now on, that a call was answered or a change ended. */
  onProgress(listener: () => void): void;
  readonly onPlanned: (plan: Plan) => void;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Resolves when every outcome so far is in the history. */
  settle(): Promise<void>;
  /** Writes what is pending; nothing may be told afterwards. */
  close(): Promise<void>;
}

/** `apply` by a person keeps its history under this round. */
const ROUND_OF_A_COMMAND = 0;

export async function openRecords(
  settings: Settings,
  context: Context,
  stream: 'stdout' | 'stderr',
): Promise<Records> {
  const log = await openEventLog(settings, context, stream);
  const history = createHistory({
    disk: nodeDisk,
    dir: settings.stateDir,
    onProblem: ({ error, lostLines }) => log.write('history_not_written', { err: error, lostLines }),
  });
  const appends = new Set<Promise<void>>();
  let round = ROUND_OF_A_COMMAND;
  let tellProgress = () => {};
  return {
    log,
    accountDeps: {
      ...context,
      onCall(report, about) {
        writeCall(log, report, about);
        tellProgress();
      },
      onWarning: (warning) => log.write('token_warning', { detail: say(warning) }),
    },
    onProgress(listener) {
      tellProgress = listener;
    },
    setRound(next) {
      round = next;
    },
    onPlanned: (plan) => writePlan(log, plan),
    onOutcome(outcome) {
      writeOutcome(log, outcome);
      tellProgress();
      const append = history.append(round, outcome).finally(() => appends.delete(append));
      appends.add(append);
    },
    settle: async () => void (await Promise.all(appends)),
    async close() {
      await Promise.all(appends);
      await history.close();
      await log.close();
    },
  };
}

const STDOUT = 1;

/**
 * The event log alone, for commands that keep no history. The daemon's is all that goes to stdout, so it may be written past
 * the stream; commands write to stderr themselves.
 */
export async function openEventLog(
  { log: { level, format } }: Settings,
  context: Context,
  stream: 'stdout' | 'stderr',
): Promise<EventLog> {
  const { environment, clock } = context;
  const isTTY = context[stream].isTTY === true;
  const color = isTTY && (environment['NO_COLOR'] ?? '') === '';
  const formatLine = await loadLineFormatter(format, { isTTY, color });
  const destination = stream === 'stdout' ? openLogDestination(STDOUT, clock) : shareStream(context.stderr);
  return createEventLog({ destination, level, clock, formatLine });
}
