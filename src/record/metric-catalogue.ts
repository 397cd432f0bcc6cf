/**
 * The metrics of callbackd, as data: name, type, labels and meaning of each. The page docs/metrics.md holds
 * the same list, and a test compares the two. Labels take values from closed sets; only `app_key` names
 * entries, and only a few of them.
 */

export interface MetricSpec {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in its unit. */
  readonly buckets?: readonly number[];
  readonly help: string;
}

/** A call takes some 100 ms, and a PUT waits for the receiver: 3 s for the challenge, up to 15 s in all. */
const CALL_BUCKETS = [0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 15, 30];
/** From a quiet round of one page to the first round over thousands of apps at 5 requests per second. */
const ROUND_BUCKETS = [0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800];

export const METRICS = {
  rounds: {
    name: 'callbackd_rounds_total',
    type: 'counter',
    labels: ['result'],
    help: 'Rounds by result: converged, held, failed, aborted, unreadable.',
  },
  roundDuration: {
    name: 'callbackd_round_duration_seconds',
    type: 'histogram',
    labels: [],
    buckets: ROUND_BUCKETS,
    help: 'How long rounds took.',
  },
  changes: {
    name: 'callbackd_changes_total',
    type: 'counter',
    labels: ['action', 'result'],
    help: 'Changes by action and result: applied, failed, skipped.',
  },
  apps: {
    name: 'callbackd_apps',
    type: 'gauge',
    labels: ['ownership'],
    help: 'Apps by ownership: owned as recorded now, unmanaged as of the last listing.',
  },
  entries: {
    name: 'callbackd_entries',
    type: 'gauge',
    labels: ['condition'],
    help: 'What the last plan came to: in_sync, waiting (passes by itself or is meant so), held (needs a decision), failed, skipped.',
  },
  withheld: {
    name: 'callbackd_withheld',
    type: 'gauge',
    labels: ['reason'],
    help: 'Withheld changes of the last plan by reason.',
  },
  outOfSync: {
    name: 'callbackd_entries_out_of_sync',
    type: 'gauge',
    labels: [],
    help: 'Entries that are not true in the account and not paused.',
  },
  outOfSyncSeconds: {
    name: 'callbackd_entry_out_of_sync_seconds',
    type: 'gauge',
    labels: ['app_key'],
    help: 'How long an entry has not been true; only entries out of sync, the fifty oldest.',
  },
  lastReloadSuccessful: {
    name: 'callbackd_source_last_reload_successful',
    type: 'gauge',
    labels: [],
    help: '1 when the last reading of the configuration could be taken over, 0 when it was refused or held.',
  },
  lastReloadSuccessAt: {
    name: 'callbackd_source_last_reload_success_timestamp_seconds',
    type: 'gauge',
    labels: [],
    help: 'When the configuration was last read and taken over or found unchanged.',
  },
  lastSuccessAt: {
    name: 'callbackd_last_success_timestamp_seconds',
    type: 'gauge',
    labels: [],
    help: 'When the last round ended in which nothing failed; 0 before the first.',
  },
  consecutiveFailures: {
    name: 'callbackd_consecutive_failures',
    type: 'gauge',
    labels: [],
    help: 'Rounds that failed since the last one in which nothing did.',
  },
  requests: {
    name: 'callbackd_platform_requests_total',
    type: 'counter',
    labels: ['operation', 'outcome'],
    help: 'Requests to the platform, retries included, by outcome: ok or the kind of failure.',
  },
  requestDuration: {
    name: 'callbackd_platform_request_duration_seconds',
    type: 'histogram',
    labels: ['operation'],
    buckets: CALL_BUCKETS,
    help: 'How long requests to the platform took.',
  },
  requestsInFlight: {
    name: 'callbackd_platform_requests_in_flight',
    type: 'gauge',
    labels: [],
    help: 'Requests that wait for their reply.',
  },
  requestsWaiting: {
    name: 'callbackd_platform_requests_waiting',
    type: 'gauge',
    labels: [],
    help: 'Requests that wait for their turn under the pacing.',
  },
  logLinesLost: {
    name: 'callbackd_log_lines_lost_total',
    type: 'counter',
    labels: [],
    help: 'Lines of the log that were dropped, because whoever reads it was stuck or failed.',
  },
  pacingWait: {
    name: 'callbackd_platform_pacing_wait_seconds_total',
    type: 'counter',
    labels: [],
    help: 'Time that requests spent waiting for their turn under the pacing, all together.',
  },
  concurrency: {
    name: 'callbackd_platform_concurrency_limit',
    type: 'gauge',
    labels: [],
    help: 'Requests that may be in flight at present; it falls when the platform wants fewer.',
  },
  requestRate: {
    name: 'callbackd_platform_requests_per_second_limit',
    type: 'gauge',
    labels: [],
    help: 'Requests that may be sent per second at present; it falls when the platform wants fewer.',
  },
  callsToday: {
    name: 'callbackd_calls_today',
    type: 'gauge',
    labels: [],
    help: 'Requests counted against the current UTC day, across restarts.',
  },
  callBudget: {
    name: 'callbackd_call_budget',
    type: 'gauge',
    labels: [],
    help: 'Requests allowed per UTC day; absent without coze.call_budget.',
  },
  openIntents: {
    name: 'callbackd_open_intents',
    type: 'gauge',
    labels: [],
    help: 'Creates whose outcome is not known yet.',
  },
  condemned: {
    name: 'callbackd_condemned_apps',
    type: 'gauge',
    labels: [],
    help: 'Orphans whose grace period is running.',
  },
  tokenAge: {
    name: 'callbackd_token_age_days',
    type: 'gauge',
    labels: [],
    help: 'Days since the token file was written; absent without a token file.',
  },
  notifications: {
    name: 'callbackd_notifications_total',
    type: 'counter',
    labels: ['receiver', 'result'],
    help: 'Messages to the receivers under `notify:` by result: sent, or failed and tried again later.',
  },
  healthy: {
    name: 'callbackd_healthy',
    type: 'gauge',
    labels: [],
    help: '1 while the loop moves on, 0 when it stands still; what /healthz answers.',
  },
  ready: {
    name: 'callbackd_ready',
    type: 'gauge',
    labels: [],
    help: '1 once the account was listed completely since the start; what /readyz answers.',
  },
  buildInfo: {
    name: 'callbackd_build_info',
    type: 'gauge',
    labels: ['version'],
    help: 'Always 1; the label says what runs.',
  },
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type MetricKey = keyof typeof METRICS;
