/** The events of the daemon and of what it keeps: a part of the table in `events.ts`. */

import type { LogEventSpec } from './fields.ts';

export const DAEMON_EVENTS = {
  daemon_started: {
    msg: 'daemon started',
    level: 'info',
    fields: ['version', 'configuration', 'apps', 'schedule'],
    meaning:
      'The daemon is running. `configuration: last_good` means that it uses the stored copy, because the file is invalid.',
  },
  daemon_stopping: {
    msg: 'daemon stopping',
    level: 'info',
    fields: ['roundRunning'],
    meaning: 'It was told to stop; it finishes the change in progress first.',
  },
  daemon_stopped: {
    msg: 'daemon stopped',
    level: 'info',
    fields: ['how'],
    meaning: 'The last line of an orderly shutdown.',
  },
  daemon_cut_short: {
    msg: 'daemon stopped before its round ended',
    level: 'warn',
    fields: ['how'],
    meaning:
      'The round did not end within the time allowed for stopping, or a second signal arrived. The next start completes the rest.',
  },
  configuration_reloaded: {
    msg: 'configuration reloaded',
    level: 'info',
    fields: ['digest', 'apps', 'settings'],
    meaning:
      'A new configuration is in force. `settings` lists the settings other than entries that differ from those at start.',
  },
  configuration_unchanged: {
    msg: 'configuration unchanged',
    level: 'debug',
    fields: [],
    meaning: 'The files were written, but their content is the same.',
  },
  configuration_refused: {
    msg: 'configuration rejected',
    level: 'error',
    fields: ['problems'],
    meaning: 'The files are invalid. The previous configuration stays in force until they are fixed.',
  },
  configuration_warned: {
    msg: 'configuration has warnings',
    level: 'warn',
    fields: ['problems'],
    meaning: 'The files are valid and in force, but something in them looks like a mistake.',
  },
  configuration_held: {
    msg: 'configuration held',
    level: 'error',
    fields: ['reason', 'digest'],
    meaning:
      'The files are valid but suspicious, for example because most entries are gone. `callbackd approve` with the digest puts them in force.',
  },
  configuration_detached: {
    msg: 'configuration file replaced behind its mount',
    level: 'error',
    fields: ['file'],
    meaning:
      'A file that is mounted by itself was replaced on the host, so its new content is never seen here. Mount its folder instead, and restart the container.',
  },
  configuration_not_kept: {
    msg: 'configuration copy not saved',
    level: 'warn',
    fields: ['err'],
    meaning:
      'The copy that a restart with invalid files would use could not be saved. The configuration is in force nevertheless.',
  },
  configuration_needs_restart: {
    msg: 'configuration needs a restart',
    level: 'warn',
    fields: ['settings'],
    meaning: 'These settings changed and take effect only after a restart.',
  },
  last_good_damaged: {
    msg: 'last good configuration damaged',
    level: 'warn',
    fields: ['file', 'detail'],
    meaning: 'The stored copy is unusable and is ignored; the next valid configuration replaces it.',
  },
  watch_failed: {
    msg: 'watching the configuration failed',
    level: 'warn',
    fields: ['err', 'againInMs'],
    meaning: 'Edits of the files may go unnoticed until watching works again; SIGHUP reloads them.',
  },
  clock_jumped: {
    msg: 'clock jumped',
    level: 'warn',
    fields: ['byMs'],
    meaning:
      'The wall clock was set, or the host was suspended. Schedules follow the new time; grace periods, limits and backoff count elapsed time and are not affected. A round follows.',
  },
  loop_failed: {
    msg: 'main loop failed',
    level: 'error',
    fields: ['err'],
    meaning: 'An unexpected error outside a round. Report it as a bug.',
  },
  control_used: {
    msg: 'control command received',
    level: 'info',
    fields: ['command', 'by', 'subject?'],
    meaning: 'A command arrived over the control socket.',
  },
  token_warning: {
    msg: 'token needs attention',
    level: 'warn',
    fields: ['detail'],
    meaning: 'Other users can read the token file, or the token expires soon.',
  },
  token_expiring: {
    msg: 'token ends soon',
    level: 'warn',
    fields: ['daysLeft', 'reason'],
    meaning:
      'According to `coze.auth.expires`, the token expires within `daysLeft` days (14, 7 or 1), or has expired (0). Rotate it.',
  },
  token_renewed: {
    msg: 'token lasts again',
    level: 'info',
    fields: [],
    meaning:
      'The token or the date in `coze.auth.expires` was changed; the token is valid for more than 14 days.',
  },
  call_budget_low: {
    msg: 'call budget nearly used up',
    level: 'warn',
    fields: ['detail'],
    meaning:
      '80 % of the daily call budget is used. Once it is used up, nothing is sent until the next UTC day.',
  },
  notification_sent: {
    msg: 'notification sent',
    level: 'info',
    fields: ['receiver', 'notice', 'durationMs'],
    meaning: 'A receiver under `notify:` accepted a message.',
  },
  notification_failed: {
    msg: 'notification failed',
    level: 'warn',
    fields: ['receiver', 'notice', 'detail', 'againInMs'],
    meaning:
      'A receiver did not accept a message, or not in time. The next attempt reports the state at that time. Rounds are not affected.',
  },
  notification_dropped: {
    msg: 'notification dropped',
    level: 'warn',
    fields: ['receiver', 'notice'],
    meaning:
      'The daemon stopped before it could send this. Problems that persist are reported after the next start.',
  },
  state_opened: {
    msg: 'state opened',
    level: 'info',
    fields: ['stateDir', 'lineage', 'serial', 'apps', 'intents'],
    meaning: 'The lock is held and the recorded state was verified.',
  },
  state_recovered: {
    msg: 'state recovered',
    level: 'warn',
    fields: ['stateDir', 'droppedBytes'],
    meaning:
      'The last process did not exit cleanly, so an incomplete record was dropped. It was never acknowledged: nothing is lost.',
  },
  control_socket_bound_again: {
    msg: 'control socket bound again',
    level: 'warn',
    fields: ['file'],
    meaning: 'Something, such as a cleanup job, removed the control socket. Commands reach the daemon again.',
  },
  control_socket_lost: {
    msg: 'control socket lost',
    level: 'warn',
    fields: ['file', 'err'],
    meaning: 'The control socket is not at its path and cannot be bound there. Retried every 5 s.',
  },
  log_lines_lost: {
    msg: 'log lines lost',
    level: 'warn',
    fields: ['lostLines'],
    meaning:
      'The reader of the log was blocked or failed for so long that lines were dropped. Rounds continued; the history is complete.',
  },
  history_not_written: {
    msg: 'history not written',
    level: 'warn',
    fields: ['err', 'lostLines'],
    meaning: 'Lines are missing from the history. Rounds continue; the state is not affected.',
  },
} as const satisfies Readonly<Record<string, LogEventSpec>>;
