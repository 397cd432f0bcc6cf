/** The metrics of a running daemon: what is read at each scrape, and which events are counted. */

import { hostFiles } from '../lib/file-reader.ts';
import type { EventLog } from '../log/event-log.ts';
import type { LogEvent } from '../log/events.ts';
import type { AuthSettings, Settings } from '../model/settings.ts';
import type { Metrics } from '../record/metrics.ts';
import type { Context } from './context.ts';
import type { Observer } from './observers.ts';
import type { Engine } from './open-engine.ts';

export interface DaemonMetrics {
  readonly observer: Observer;
  /** The page of `/metrics`. */
  readonly render: Metrics['render'];
}

/**
 * `bootOk`: the daemon starts on the files, not on the last good copy. The library is loaded only for who
 * shows metrics.
 */
export async function openMetrics(
  { store, budget, pacing }: Engine,
  {
    settings,
    bootOk,
    log,
  }: { readonly settings: Settings; readonly bootOk: boolean; readonly log: EventLog },
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
