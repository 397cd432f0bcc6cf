/**
 * The metrics of callbackd, as data: name, type, labels and meaning of each. docs/metrics.md has the same
 * list; a test compares the two. Labels take values from closed sets; only `app_key` names
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
    help: 'Duration of rounds.',
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
  markedElsewhere: {
    name: 'callbackd_apps_marked_elsewhere',
    type: 'gauge',
    labels: [],
    help: 'Apps that carry the mark of another callbackd, as of the last listing.',
  },
  entries: {
    name: 'callbackd_entries',
    type: 'gauge',
    labels: ['state'],
    help: 'Entries by state, as the page and `status` count them: failing (the next try may still come), needs_approval (a delete), needs_decision, deletion_scheduled, settling, pending, paused, kept, in_sync.',
  },
  withheld: {
    name: 'callbackd_withheld',
    type: 'gauge',
    labels: ['reason'],
    help: 'Held changes of the last plan by reason.',
  },
  outOfSync: {
    name: 'callbackd_entries_out_of_sync',
    type: 'gauge',
    labels: [],
    help: 'Entries that differ from the account and are not paused.',
  },
  outOfSyncSeconds: {
    name: 'callbackd_entry_out_of_sync_seconds',
    type: 'gauge',
    labels: ['app_key'],
    help: 'How long an entry has been out of sync; at most the fifty longest.',
  },
  lastReloadSuccessful: {
    name: 'callbackd_source_last_reload_successful',
    type: 'gauge',
    labels: [],
    help: '1 if the configuration read last is in force, 0 if it was rejected or held.',
  },
  lastReloadSuccessAt: {
    name: 'callbackd_source_last_reload_success_timestamp_seconds',
    type: 'gauge',
    labels: [],
    help: 'When the configuration was last read and put in force or found unchanged.',
  },
  lastSuccessAt: {
    name: 'callbackd_last_success_timestamp_seconds',
    type: 'gauge',
    labels: [],
    help: 'When the last round without failures ended; 0 before the first.',
  },
  consecutiveFailures: {
    name: 'callbackd_consecutive_failures',
    type: 'gauge',
    labels: [],
    help: 'Failed rounds since the last round without failures.',
  },
  requests: {
    name: 'callbackd_platform_requests_total',
    type: 'counter',
    labels: ['operation', 'outcome'],
    help: 'Requests to the platform, including retries, by outcome: ok or the kind of failure.',
  },
  requestDuration: {
    name: 'callbackd_platform_request_duration_seconds',
    type: 'histogram',
    labels: ['operation'],
    buckets: CALL_BUCKETS,
    help: 'Duration of requests to the platform.',
  },
  requestsInFlight: {
    name: 'callbackd_platform_requests_in_flight',
    type: 'gauge',
    labels: [],
    help: 'Requests waiting for a reply.',
  },
  requestsWaiting: {
    name: 'callbackd_platform_requests_waiting',
    type: 'gauge',
    labels: [],
    help: 'Requests queued by the rate limit.',
  },
  logLinesLost: {
    name: 'callbackd_log_lines_lost_total',
    type: 'counter',
    labels: [],
    help: 'Log lines dropped because the reader of the log was blocked or failed.',
  },
  pacingWait: {
    name: 'callbackd_platform_pacing_wait_seconds_total',
    type: 'counter',
    labels: [],
    help: 'Total time that requests were queued by the rate limit.',
  },
  concurrency: {
    name: 'callbackd_platform_concurrency_limit',
    type: 'gauge',
    labels: [],
    help: 'Current limit of requests in flight; lowered when the platform throttles.',
  },
  requestRate: {
    name: 'callbackd_platform_requests_per_second_limit',
    type: 'gauge',
    labels: [],
    help: 'Current limit of requests per second; lowered when the platform throttles.',
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
    help: 'Apps scheduled for deletion: their entry is gone and the grace period is running.',
  },
  tokenAge: {
    name: 'callbackd_token_age_days',
    type: 'gauge',
    labels: [],
    help: 'Days since the token file was written; absent without a token file.',
  },
  tokenExpiry: {
    name: 'callbackd_token_expiry_timestamp_seconds',
    type: 'gauge',
    labels: [],
    help: 'When the token ends, by `coze.auth.expires`; absent without it.',
  },
  notifications: {
    name: 'callbackd_notifications_total',
    type: 'counter',
    labels: ['receiver', 'result'],
    help: 'Messages to the receivers under `notify:` by result: sent or failed (retried later).',
  },
  healthy: {
    name: 'callbackd_healthy',
    type: 'gauge',
    labels: [],
    help: '1 while the main loop makes progress, else 0; the same as /healthz.',
  },
  ready: {
    name: 'callbackd_ready',
    type: 'gauge',
    labels: [],
    help: '1 once the account was listed completely after the start; the same as /readyz.',
  },
  buildInfo: {
    name: 'callbackd_build_info',
    type: 'gauge',
    labels: ['version'],
    help: 'Always 1; the label is the version of callbackd.',
  },
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type MetricKey = keyof typeof METRICS;
