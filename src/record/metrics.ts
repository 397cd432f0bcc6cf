/** The metrics of the daemon. Values kept elsewhere (state, pacing, call budget) are read at each scrape. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CallReport } from '../model/calls.ts';
import type { AppKey } from '../model/identity.ts';
import { ATTENTION_REASONS, findMarkedElsewhere, type Plan, STANDING_REASONS } from '../model/plan.ts';
import type { RoundReport, RoundResult } from '../model/round.ts';
import type { State } from '../model/state.ts';
import { ENTRY_STATES, type Summary, summariseEntries } from '../model/summary.ts';
import { METRICS, type MetricKey, type MetricSpec } from './metric-catalogue.ts';

/** What is asked for at each scrape. None may throw. */
interface MetricSources {
  readonly state: () => State;
  readonly pacing: () => {
    readonly requestsPerSecond: number;
    readonly concurrency: number;
    readonly inFlight: number;
    readonly waiting: number;
    readonly waitedMs: number;
  };
  readonly callsToday: () => number;
  /** Since the start. */
  readonly logLinesLost: () => number;
  /** Undefined without a budget. */
  readonly callBudget: () => number | undefined;
  /** When the token file was last written, in milliseconds since the epoch; undefined without one. */
  readonly tokenWrittenAt: () => Promise<number | undefined>;
  /** When the token ends, where somebody said so. */
  readonly tokenExpiresAt?: () => number | undefined;
}

export interface MetricsOptions {
  readonly clock: { now(): number };
  readonly version: string;
  /** Names of the receivers of notifications. */
  readonly receivers?: readonly string[];
  readonly sources: MetricSources;
  /** Those of the process and of Node as well: memory, descriptors, event loop, garbage collection. */
  readonly withProcess: boolean;
}

export interface Metrics {
  observeCall(report: CallReport): void;
  observeRound(report: RoundReport): void;
  /** The result of a notification. */
  countNotification(receiver: string, result: NotificationResult): void;
  /** The configuration was read. `ok`: it was loaded, or equals the active one. */
  setConfiguration(reload: { readonly ok: boolean; readonly at: number }): void;
  /** The page of `/metrics`; the verdicts are those of `/healthz` and `/readyz`. */
  render(verdicts: Verdicts): Promise<{ readonly contentType: string; readonly text: string }>;
}

type NotificationResult = 'sent' | 'failed';

interface Verdicts {
  /** The summary that the status shows, which follows a round while it runs and knows every pause. */
  readonly summary?: { readonly entries: Summary['counts'] };
  readonly healthy: { readonly ok: boolean };
  readonly ready: { readonly ok: boolean };
}

const LAGGARDS_MAX = 50;
const MS_PER_DAY = 86_400_000;
const ROUND_RESULTS: readonly RoundResult[] = ['converged', 'held', 'failed', 'aborted', 'unreadable'];
/**
 * Gauges of the library that are named like counters; `nodejs_active_handles` and the like hold the same by
 * type.
 */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];
const NOTIFICATION_RESULTS: readonly NotificationResult[] = ['sent', 'failed'];
const REASONS = [...STANDING_REASONS, ...ATTENTION_REASONS];

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  if (options.withProcess) {
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  const meters = createMeters(registry);
  const lag = createSyncLag();
  meters.gauge('buildInfo').set({ version: options.version }, 1);
  // Counters that begin at nothing would hide their first increase from `rate()`.
  for (const result of ROUND_RESULTS) meters.counter('rounds').inc({ result }, 0);
  for (const receiver of options.receivers ?? []) {
    for (const result of NOTIFICATION_RESULTS) meters.counter('notifications').inc({ receiver, result }, 0);
  }
  return {
    observeCall({ operation, failure, durationMs }) {
      meters.counter('requests').inc({ operation, outcome: failure ?? 'ok' });
      meters.histogram('requestDuration').observe({ operation }, durationMs / 1_000);
    },
    observeRound(report) {
      countRound(meters, report);
      if (report.plan !== undefined) {
        describePlan(meters, report.plan);
        countEntries(meters, summariseEntries(report).counts);
      }
      lag.observe(report);
    },
    countNotification(receiver, result) {
      meters.counter('notifications').inc({ receiver, result });
    },
    setConfiguration({ ok, at }) {
      meters.gauge('lastReloadSuccessful').set(ok ? 1 : 0);
      if (ok) meters.gauge('lastReloadSuccessAt').set(at / 1_000);
    },
    async render({ healthy, ready, summary }) {
      if (summary !== undefined) countEntries(meters, summary.entries);
      meters.gauge('healthy').set(healthy.ok ? 1 : 0);
      meters.gauge('ready').set(ready.ok ? 1 : 0);
      readSources(meters, options.sources);
      await readTokenAge(meters, options);
      listLaggards(meters, lag, options.clock.now());
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

/**
 * The metrics of the catalogue by key; asking for one by the wrong type is a bug that the first test meets.
 */
interface Meters {
  counter(key: MetricKey): Counter;
  gauge(key: MetricKey): Gauge;
  histogram(key: MetricKey): Histogram;
}

function createMeters(registry: Registry): Meters {
  const made = new Map<MetricKey, Counter | Gauge | Histogram>();
  for (const [key, spec] of Object.entries(METRICS)) made.set(key as MetricKey, createMeter(spec, registry));
  return {
    counter: (key) => made.get(key) as Counter,
    gauge: (key) => made.get(key) as Gauge,
    histogram: (key) => made.get(key) as Histogram,
  };
}

function createMeter(spec: MetricSpec, registry: Registry): Counter | Gauge | Histogram {
  const { name, help, labels, type } = spec;
  const configuration = { name, help, labelNames: labels, registers: [registry] };
  if (type === 'counter') return new Counter(configuration);
  if (type === 'gauge') return new Gauge(configuration);
  return new Histogram({ ...configuration, buckets: [...(spec.buckets ?? [])] });
}

function countRound(meters: Meters, { result, startedAt, endedAt, outcomes }: RoundReport): void {
  meters.counter('rounds').inc({ result });
  // The wall clock can be set back amid a round.
  meters.histogram('roundDuration').observe(Math.max(0, endedAt - startedAt) / 1_000);
  for (const { change, result: came } of outcomes) {
    meters.counter('changes').inc({ action: change.action, result: came });
  }
  const failures = meters.gauge('consecutiveFailures');
  if (result === 'failed' || result === 'unreadable') failures.inc();
  if (result === 'converged' || result === 'held') {
    failures.set(0);
    meters.gauge('lastSuccessAt').set(endedAt / 1_000);
  }
}

function describePlan(meters: Meters, plan: NonNullable<RoundReport['plan']>): void {
  const { summary, withheld } = plan;
  meters.gauge('markedElsewhere').set(findMarkedElsewhere(plan).length);
  meters.gauge('apps').set({ ownership: 'unmanaged' }, summary.unmanaged);
  for (const reason of REASONS) {
    meters.gauge('withheld').set({ reason }, withheld.filter((change) => change.reason === reason).length);
  }
}

function countEntries(meters: Meters, counts: Summary['counts']): void {
  for (const state of ENTRY_STATES) meters.gauge('entries').set({ state }, counts[state]);
}

function readSources(meters: Meters, sources: MetricSources): void {
  const { state, pacing, callsToday, callBudget, logLinesLost } = sources;
  const { apps, intents } = state();
  meters.gauge('apps').set({ ownership: 'owned' }, apps.size);
  meters.gauge('openIntents').set(intents.size);
  const condemned = [...apps.values()].filter((app) => app.condemnedAt !== undefined);
  meters.gauge('condemned').set(condemned.length);
  const { requestsPerSecond, concurrency, inFlight, waiting, waitedMs } = pacing();
  meters.gauge('requestRate').set(requestsPerSecond);
  meters.gauge('concurrency').set(concurrency);
  meters.gauge('requestsInFlight').set(inFlight);
  meters.gauge('requestsWaiting').set(waiting);
  setTotal(meters.counter('pacingWait'), waitedMs / 1_000);
  setTotal(meters.counter('logLinesLost'), logLinesLost());
  meters.gauge('callsToday').set(callsToday());
  setOrRemove(meters.gauge('callBudget'), callBudget());
}

async function readTokenAge(meters: Meters, { clock, sources }: MetricsOptions): Promise<void> {
  const writtenAt = await sources.tokenWrittenAt();
  const days = writtenAt === undefined ? undefined : Math.max(0, clock.now() - writtenAt) / MS_PER_DAY;
  setOrRemove(meters.gauge('tokenAge'), days);
  const expiresAt = sources.tokenExpiresAt?.();
  setOrRemove(meters.gauge('tokenExpiry'), expiresAt === undefined ? undefined : expiresAt / 1_000);
}

/** For what is counted elsewhere. */
function setTotal(counter: Counter, total: number): void {
  counter.reset();
  counter.inc(total);
}

/** A gauge without a value is left out of the page: 0 would be wrong. */
function setOrRemove(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

function listLaggards(meters: Meters, lag: SyncLag, now: number): void {
  const laggards = lag.list();
  meters.gauge('outOfSync').set(laggards.length);
  const seconds = meters.gauge('outOfSyncSeconds');
  seconds.reset();
  for (const { key, since } of laggards.slice(0, LAGGARDS_MAX)) {
    seconds.set({ app_key: key }, Math.max(0, now - since) / 1_000);
  }
}

interface OutOfSync {
  readonly key: AppKey;
  /** When the round began that first found it so, in milliseconds since the epoch. */
  readonly since: number;
}

interface SyncLag {
  /** A round without a plan says nothing about any entry. */
  observe(report: RoundReport): void;
  /** The oldest first. */
  list(): readonly OutOfSync[];
}

/** Which entries are out of sync, and since when. */
function createSyncLag(): SyncLag {
  const since = new Map<AppKey, number>();
  return {
    observe({ plan, outcomes, startedAt }) {
      if (plan === undefined) return;
      const untrue = findUntrue(plan, outcomes);
      for (const key of since.keys()) if (!untrue.has(key)) since.delete(key);
      for (const key of untrue) if (!since.has(key)) since.set(key, startedAt);
    },
    list: () =>
      [...since].map(([key, at]) => ({ key, since: at })).sort((left, right) => left.since - right.since),
  };
}

/**
 * Entries that still differ after the round. Orphans are no entries, and a paused entry is meant to differ.
 */
function findUntrue({ withheld }: Plan, outcomes: RoundReport['outcomes']): ReadonlySet<AppKey> {
  const held = withheld.filter(({ reason }) => reason !== 'paused' && reason !== 'paused_all');
  const undone = outcomes.filter(({ result }) => result !== 'applied').map(({ change }) => change);
  const keys = [...held, ...undone]
    .filter(({ action }) => action !== 'delete' && action !== 'forget')
    .flatMap(({ key }) => (key === null ? [] : [key]));
  return new Set(keys);
}
