/** The operator's configuration as YAML. */

import type { Entry, Rules } from './scenario.ts';

export const CONFIG_PATH = '/etc/callbackd/callbackd.yaml';
export const STATE_DIR = '/var/lib/callbackd';
export const SINK_DIR = '/run/callbackd/tokens';
export const BASE_URL = 'https://api.example.com';
export const TOKEN_PATH = '/etc/callbackd/token';

export function writeConfiguration(rules: Rules, entries: readonly Entry[]): string {
  const lines = [
    'version: 1',
    'coze:',
    `  base_url: ${BASE_URL}`,
    '  auth: {token_file: ./token}',
    `  timeout: ${rules.timeoutMs}ms`,
    `  concurrency: ${rules.concurrency}`,
    `  max_requests_per_second: ${rules.maxRequestsPerSecond ?? 20}`,
    `  creates: ${rules.creates ?? 'auto'}`,
    'reconcile:',
    ...writeSchedule(rules),
    ...writeDebounce(rules),
    `  settle: ${rules.settleMs}ms`,
    ...writeContested(rules),
    `  adopt: ${rules.adopt}`,
    `  prune: ${rules.prune}`,
    `  delete_grace: ${rules.deleteGraceMs}ms`,
    `  limits: {deletes_per_round: ${rules.deletesPerRound}, deletes_share: ${rules.deletesShare}, ` +
      `deletes_per_day: ${rules.deletesPerDay}, missing_share: ${rules.missingShare}}`,
    `  events_resync: ${rules.eventsResyncMinutes}m`,
    `  preflight: ${rules.preflight}`,
    `state_dir: ${STATE_DIR}`,
    ...(rules.deliversTokens ? [`token_sink: {dir: ${SINK_DIR}}`] : []),
    entries.length === 0 ? 'apps: {}' : 'apps:',
    ...entries.flatMap(writeEntry),
  ];
  return `${lines.join('\n')}\n`;
}

function writeSchedule({ schedule, scheduleMinutes }: Rules): readonly string[] {
  if (schedule === undefined) return [`  schedule: "*/${scheduleMinutes} * * * *"`];
  return [`  schedule: ${JSON.stringify(schedule.cron)}`, `  timezone: ${JSON.stringify(schedule.timezone)}`];
}

function writeDebounce({ debounce }: Rules): readonly string[] {
  if (debounce === undefined) return [];
  return [`  debounce: {quiet: ${debounce.quietMs}ms, max_wait: ${debounce.maxWaitMs}ms}`];
}

function writeContested({ contested }: Rules): readonly string[] {
  if (contested === undefined) return [];
  return [`  contested: {reversals: ${contested.reversals}, window: ${contested.windowMs}ms}`];
}

/** Keys that need no quotes; an operator's own may. */
const PLAIN_KEY = /^app-[a-z0-9-]+$/;

function writeEntry(entry: Entry): readonly string[] {
  const fields: Readonly<Record<string, unknown>> = {
    app_type: entry.appType,
    name: entry.name,
    connector_id: entry.connectorId,
    callback_url: entry.callbackUrl,
    allow_http: /^http:/i.test(entry.callbackUrl ?? '') ? true : undefined,
    events: entry.events,
    protect: entry.protect,
    replace: entry.replace,
    was: entry.was,
    id: entry.id,
    ignore: entry.ignore,
    accept_duplicates: entry.acceptDuplicates,
    paused: entry.isPaused ? { because: 'as in the file' } : undefined,
  };
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  const key = PLAIN_KEY.test(entry.key) ? entry.key : JSON.stringify(entry.key);
  return [`  ${key}:`, ...present.map(([field, value]) => `    ${field}: ${JSON.stringify(value)}`)];
}
