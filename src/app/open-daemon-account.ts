/** One account that the daemon manages: its state, its engine and its observers. */

import { type AccountView, createAccountView } from '../daemon/account-view.ts';
import type { CallsToday, Configuration, DecisionJournal, Rounds } from '../daemon/ports.ts';
import type { ElapsedClock } from '../lib/elapsed-clock.ts';
import { hostFiles } from '../lib/file-reader.ts';
import type { EventLog } from '../log/event-log.ts';
import type { LogEvent } from '../log/events.ts';
import type { AuthSettings, Settings } from '../model/settings.ts';
import { runRound } from '../reconcile/run-round.ts';
import type { Metrics } from '../record/metrics.ts';
import type { BootConfiguration } from './boot-configuration.ts';
import type { Closers } from './closers.ts';
import type { Context } from './context.ts';
import { createObservers, type Observer, type Observers } from './observers.ts';
import { type Engine, openEngine } from './open-engine.ts';
import { openNotifications } from './open-notifications.ts';
import { createLogObserver, openHistory } from './open-records.ts';
import type { DaemonPages } from './open-status-pages.ts';
import { type TokenExpiryWatch, watchTokenExpiry } from './token-expiry.ts';

export interface DaemonAccount {
  /** What is decided by time is decided by this one. */
  readonly clock: ElapsedClock;
  readonly journal: DecisionJournal;
  readonly rounds: Rounds;
  callsToday(): CallsToday;
  tokenExpiresAt(): number | undefined;
  /** Absent without a status server. */
  readonly metrics: DaemonMetrics | undefined;
  readonly pages: DaemonPages | undefined;
  readonly view: AccountView;
}

/** `isFromFiles`: the configuration is that of the files, not the last good copy. */
export async function openDaemonAccount(
  {
    settings,
    isFromFiles,
    sourceOf,
  }: Pick<Configuration, 'settings'> &
    Pick<BootConfiguration, 'sourceOf'> & { readonly isFromFiles: boolean },
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
  const expiry: { watch?: TokenExpiryWatch } = {};
  const tokenExpiresAt = () => expiry.watch?.expiresAt();
  const inTime = { ...context, clock };
  const { callBudgetPerDay: perDay } = settings.platform;
  const isShown = settings.statusListen !== undefined;
  const metrics = isShown
    ? await openMetrics(engine, { settings, bootOk: isFromFiles, log, tokenExpiresAt }, inTime)
    : undefined;
  if (metrics !== undefined) observers.add(metrics.observer);
  const view = createAccountView();
  observers.add({
    onPlanned: (plan, observed) => view.observePlan(plan, observed),
    onOutcome: (outcome) => view.observeOutcome(outcome),
  });
  observers.add(openNotifications(settings, context, { log, closers }));
  // After everybody who is told.
  expiry.watch = await watchTokenExpiry(settings.platform, { events: log, clock: context.clock, closers });
  const pages = isShown
    ? (await import('./open-status-pages.ts')).openStatusPages(
        { settings, sourceOf, state: () => store.state, settled: history.settle, view },
        inTime,
      )
    : undefined;
  if (pages !== undefined) observers.add(pages.observer);
  return {
    clock,
    journal: store,
    rounds: createRounds(engine, observers),
    callsToday: () => ({ ...budget.calls(), ...(perDay === undefined ? {} : { perDay }) }),
    tokenExpiresAt,
    metrics,
    pages,
    view,
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

interface DaemonMetrics {
  readonly observer: Observer;
  /** The page of `/metrics`. */
  readonly render: Metrics['render'];
}

/**
 * `bootOk`: the daemon starts on the files, not on the last good copy. The library is loaded only for who
 * shows metrics.
 */
async function openMetrics(
  { store, budget, pacing }: Engine,
  {
    settings,
    bootOk,
    log,
    tokenExpiresAt,
  }: {
    readonly settings: Settings;
    readonly bootOk: boolean;
    readonly log: EventLog;
    readonly tokenExpiresAt: () => number | undefined;
  },
  { clock, version }: Context,
): Promise<DaemonMetrics> {
  const { createMetrics } = await import('../record/metrics.ts');
  const { auth, callBudgetPerDay } = settings.platform;
  const metrics = createMetrics({
    clock,
    version,
    receivers: settings.notify.map(({ name }) => name),
    withProcess: true,
    sources: {
      state: () => store.state,
      pacing,
      callsToday: () => budget.calls().count,
      logLinesLost: () => log.lostLines(),
      callBudget: () => callBudgetPerDay,
      tokenWrittenAt: () => readTokenInstant(auth),
      tokenExpiresAt,
    },
  });
  metrics.setConfiguration({ ok: bootOk, at: clock.now() });
  return {
    observer: {
      onCall: (report) => metrics.observeCall(report),
      onEvent(event) {
        if ('report' in event) metrics.observeRound(event.report);
        if (event.type === 'notification_sent') metrics.countNotification(event.receiver, 'sent');
        if (event.type === 'notification_failed') metrics.countNotification(event.receiver, 'failed');
        const ok = isReloadOk(event);
        if (ok !== undefined) metrics.setConfiguration({ ok, at: clock.now() });
      },
    },
    render: metrics.render,
  };
}

/** Undefined for an event that tells of no reload. */
function isReloadOk({ type }: LogEvent): boolean | undefined {
  if (type === 'configuration_reloaded' || type === 'configuration_unchanged') return true;
  if (type === 'configuration_refused' || type === 'configuration_held') return false;
  return undefined;
}

async function readTokenInstant(auth: AuthSettings): Promise<number | undefined> {
  if (auth.kind !== 'token_file') return undefined;
  return (await hostFiles.identify(auth.path))?.changedAt;
}
