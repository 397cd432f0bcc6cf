/** One account that the daemon manages: its state, its engine and its observers. */

import type { CallsToday, Configuration, DecisionJournal, Rounds } from '../daemon/ports.ts';
import type { ElapsedClock } from '../lib/elapsed-clock.ts';
import type { EventLog } from '../log/event-log.ts';
import { runRound } from '../reconcile/run-round.ts';
import type { Closers } from './closers.ts';
import type { Context } from './context.ts';
import { createObservers, type Observers } from './observers.ts';
import { type Engine, openEngine } from './open-engine.ts';
import { type DaemonMetrics, openMetrics } from './open-metrics.ts';
import { openNotifications } from './open-notifications.ts';
import { createLogObserver, openHistory } from './open-records.ts';
import type { DaemonPages } from './open-status-pages.ts';

export interface DaemonAccount {
  /** What is decided by time is decided by this one. */
  readonly clock: ElapsedClock;
  readonly journal: DecisionJournal;
  readonly rounds: Rounds;
  callsToday(): CallsToday;
  /** Absent without a status server. */
  readonly metrics: DaemonMetrics | undefined;
  readonly pages: DaemonPages | undefined;
}

/** `isFromFiles`: the configuration is that of the files, not the last good copy. */
export async function openDaemonAccount(
  { settings, isFromFiles }: Pick<Configuration, 'settings'> & { readonly isFromFiles: boolean },
  context: Context,
  { log, closers }: { readonly log: EventLog; readonly closers: Closers },
): Promise<DaemonAccount> {
  const observers = createObservers();
  log.observe(observers.onEvent);
  observers.add(createLogObserver(log));
  const history = openHistory(settings, log, closers);
  observers.add(history.observer);
  const engine = await openEngine(settings, context, { log, observers, closers });
  const { store, budget, clock } = engine;
  const inTime = { ...context, clock };
  const { callBudgetPerDay: perDay } = settings.platform;
  const isShown = settings.statusListen !== undefined;
  const metrics = isShown
    ? await openMetrics(engine, { settings, bootOk: isFromFiles, log }, inTime)
    : undefined;
  if (metrics !== undefined) observers.add(metrics.observer);
  observers.add(openNotifications(settings, context, { log, closers }));
  const pages = isShown
    ? (await import('./open-status-pages.ts')).openStatusPages(
        { settings, state: () => store.state, settled: history.settle },
        inTime,
      )
    : undefined;
  if (pages !== undefined) observers.add(pages.observer);
  return {
    clock,
    journal: store,
    rounds: createRounds(engine, observers),
    callsToday: () => ({ ...budget.calls(), ...(perDay === undefined ? {} : { perDay }) }),
    metrics,
    pages,
  };
}

/** One round at a time on the engine. Progress is reported to the loop, which cancels a round without any. */
function createRounds(engine: Engine, observers: Observers): Rounds {
  return {
    async run({ round, triggers, configuration, onProgress, ...limits }) {
      engine.beginRound();
      const leave = observers.add({ onCall: onProgress, onOutcome: onProgress });
      const { desired, settings } = configuration;
      const { policy, platform } = settings;
      const endpoint = platform.baseUrl;
      const grants = { allowDeletes: false, subjects: new Set<string>() };
      try {
        return await runRound(
          engine.round,
          { desired, policy, endpoint, mode: 'daemon', grants, ...limits },
          { round, triggers },
        );
      } finally {
        leave();
      }
    },
  };
}
