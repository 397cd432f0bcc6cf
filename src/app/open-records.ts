/** The books that are kept while callbackd works: the event log, the history, and who tells them what. */

import { nodeDisk } from '../lib/disk-node.ts';
import type { Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { Settings } from '../model/settings.ts';
import { createEventLog, type EventLog, type LogDestination } from '../record/event-log.ts';
import { createHistory } from '../record/history.ts';
import { logCall } from '../record/log-call.ts';
import { logOutcome, logPlan } from '../record/log-round.ts';
import type { Context } from './context.ts';
import type { AccountDeps } from './open-account.ts';

export { redact } from '../record/redact.ts';

export interface Records {
  readonly log: EventLog;
  /** What an account is opened with, so that every call is logged. */
  readonly accountDeps: Omit<AccountDeps, 'budget'>;
  /** The round that lines and history entries belong to from now on. */
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

export function openRecords(settings: Settings, context: Context, destination: LogDestination): Records {
  const log = openEventLog(settings, context, destination);
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
        logCall(log, report, about);
        tellProgress();
      },
      onWarning: (detail) => log.write('token_warning', { detail }),
    },
    onProgress(listener) {
      tellProgress = listener;
    },
    setRound(next) {
      round = next;
      log.setRound(next);
    },
    onPlanned: (plan) => logPlan(log, plan),
    onOutcome(outcome) {
      logOutcome(log, outcome);
      tellProgress();
      const append = history.append(round, outcome).finally(() => appends.delete(append));
      appends.add(append);
    },
    settle: async () => void (await Promise.all(appends)),
    async close() {
      await Promise.all(appends);
      await history.close();
      await log.flush();
    },
  };
}

/** The event log alone, for commands that keep no history. */
export function openEventLog(
  { log: { level, format } }: Settings,
  { environment, clock }: Context,
  destination: LogDestination,
): EventLog {
  const color = destination.isTTY === true && (environment['NO_COLOR'] ?? '') === '';
  return createEventLog({ destination, level, format, clock, color });
}
