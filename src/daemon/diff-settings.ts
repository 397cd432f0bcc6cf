/**
 * Which settings differ between two configurations, and which of them need a restart. Names are those of the
 * YAML.
 */

import type { Settings } from '../model/settings.ts';

interface SettingsDifference {
  /** In force from the next round. In the order of the configuration file. */
  readonly applied: readonly string[];
  /** Read only at start: connections, open files, sockets, the state lock. */
  readonly needsRestart: readonly string[];
}

interface Setting {
  readonly name: string;
  readonly read: (settings: Settings) => unknown;
  readonly needsRestart: boolean;
}

/**
 * Every setting by its name in the YAML, in the order of the file; `x-reload` of the schema says the same
 * (test/source/reload.test.ts).
 */
const SETTINGS: readonly Setting[] = [
  { name: 'coze.base_url', read: (s) => s.platform.baseUrl, needsRestart: true },
  { name: 'coze.auth', read: (s) => [s.platform.auth, s.platform.tokenExpiry], needsRestart: true },
  { name: 'coze.proxy', read: (s) => s.platform.network.proxy, needsRestart: true },
  {
    name: 'coze.proxy_credentials_file',
    read: (s) => s.platform.network.proxyCredentialsFile,
    needsRestart: true,
  },
  { name: 'coze.ca_file', read: (s) => s.platform.network.caFile, needsRestart: true },
  { name: 'coze.timeout', read: (s) => s.platform.timeoutMs, needsRestart: true },
  { name: 'coze.concurrency', read: (s) => s.platform.concurrency, needsRestart: true },
  { name: 'coze.max_requests_per_second', read: (s) => s.platform.maxRequestsPerSecond, needsRestart: true },
  { name: 'coze.call_budget', read: (s) => s.platform.callBudgetPerDay, needsRestart: true },
  { name: 'coze.creates', read: (s) => s.policy.creates, needsRestart: false },
  { name: 'reconcile.schedule', read: (s) => s.schedule.cron, needsRestart: false },
  { name: 'reconcile.timezone', read: (s) => s.schedule.timezone, needsRestart: false },
  { name: 'reconcile.debounce', read: (s) => s.debounce, needsRestart: true },
  { name: 'reconcile', read: readPolicy, needsRestart: false },
  { name: 'reconcile.preflight_allow_private', read: (s) => s.preflightAllowPrivate, needsRestart: true },
  { name: 'reconcile.receivers', read: (s) => s.receivers, needsRestart: true },
  { name: 'state_dir', read: (s) => s.stateDir, needsRestart: true },
  { name: 'token_sink', read: (s) => s.tokenSinkDir, needsRestart: true },
  { name: 'control.socket', read: (s) => s.controlSocket, needsRestart: true },
  { name: 'status.listen', read: (s) => s.statusListen, needsRestart: true },
  { name: 'status.state', read: (s) => s.showsState, needsRestart: true },
  { name: 'status.hosts', read: (s) => s.statusHosts, needsRestart: true },
  { name: 'notify', read: (s) => s.notify, needsRestart: true },
  { name: 'log', read: (s) => s.log, needsRestart: true },
];

function readPolicy({ policy }: Settings): unknown {
  return { ...policy, creates: undefined };
}

/** What differs from `before` to `after`. */
export function diffSettings(before: Settings, after: Settings): SettingsDifference {
  const differing = SETTINGS.filter(
    ({ read }) => JSON.stringify(read(before)) !== JSON.stringify(read(after)),
  );
  return {
    applied: differing.filter((setting) => !setting.needsRestart).map(({ name }) => name),
    needsRestart: differing.filter((setting) => setting.needsRestart).map(({ name }) => name),
  };
}
