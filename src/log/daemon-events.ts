/** The events of the daemon and of what it keeps: a part of the table in `events.ts`. */

import type { LogEventSpec } from './fields.ts';

export const DAEMON_EVENTS = {
  daemon_started: {
    msg: 'daemon started',
    level: 'info',
    fields: ['version', 'configuration', 'apps', 'schedule'],
    meaning:
      'The daemon runs. With `configuration: last_good` it runs on the stored copy, because the file is not valid.',
  },
  daemon_stopping: {
    msg: 'daemon stopping',
    level: 'info',
    fields: ['roundRunning'],
    meaning: 'It was told to stop; a change in flight is finished first.',
  },
  daemon_stopped: {
    msg: 'daemon stopped',
    level: 'info',
    fields: ['how'],
    meaning: 'The last line of an orderly end.',
  },
  daemon_cut_short: {
    msg: 'daemon stopped before its round ended',
    level: 'warn',
    fields: ['how'],
    meaning:
      'The round took longer than a stop may take, or a second signal came. The next start finishes what is left.',
  },
  configuration_reloaded: {
    msg: 'configuration reloaded',
    level: 'info',
    fields: ['digest', 'apps', 'settings'],
    meaning:
      'A new configuration is in force. `settings` names what else than entries differs from the start.',
  },
  configuration_unchanged: {
    msg: 'configuration unchanged',
    level: 'debug',
    fields: [],
    meaning: 'Files were touched, but say the same.',
  },
  configuration_refused: {
    msg: 'configuration refused',
    level: 'error',
    fields: ['problems'],
    meaning: 'The files are not valid. The configuration before stays in force until they are mended.',
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
      'The files are valid but suspicious, as when most entries are gone. `callbackd approve` with the digest takes them over.',
  },
  configuration_not_kept: {
    msg: 'configuration not kept',
    level: 'warn',
    fields: ['err'],
    meaning:
      'The copy for a restart with broken files could not be stored. The configuration is in force all the same.',
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
    meaning: 'The stored copy cannot be used and counts as absent; the next valid configuration replaces it.',
  },
  watch_failed: {
    msg: 'watching the configuration failed',
    level: 'warn',
    fields: ['err', 'againInMs'],
    meaning: 'Changes of the files may go unseen until watching works again; SIGHUP reloads them.',
  },
  clock_jumped: {
    msg: 'clock jumped',
    level: 'warn',
    fields: ['byMs'],
    meaning:
      'The wall clock was set, or the host slept. Schedules follow it; grace, limits and backoff go on as if it had not been set. A round follows.',
  },
  loop_failed: {
    msg: 'loop failed',
    level: 'error',
    fields: ['err'],
    meaning: 'An error nobody foresaw, outside a round. Report it.',
  },
  control_used: {
    msg: 'control used',
    level: 'info',
    fields: ['command', 'by', 'subject?'],
    meaning: 'A person gave a command over the control socket.',
  },
  token_warning: {
    msg: 'token needs attention',
    level: 'warn',
    fields: ['detail'],
    meaning: 'The token file can be read by others, or its token will not last.',
  },
  call_budget_low: {
    msg: 'call budget nearly used up',
    level: 'warn',
    fields: ['detail'],
    meaning:
      'Four fifths of the daily call budget are used. When all is, nothing is sent until the next UTC day.',
  },
  notification_sent: {
    msg: 'notification sent',
    level: 'info',
    fields: ['receiver', 'notice', 'durationMs'],
    meaning: 'A receiver under `notify:` took a message.',
  },
  notification_failed: {
    msg: 'notification failed',
    level: 'warn',
    fields: ['receiver', 'notice', 'detail', 'againInMs'],
    meaning:
      'A receiver did not take a message, or not in time. Later it is told what is true then. Rounds are not affected.',
  },
  notification_dropped: {
    msg: 'notification dropped',
    level: 'warn',
    fields: ['receiver', 'notice'],
    meaning:
      'The daemon stopped before this could be told. What is still wrong is told after the next start.',
  },
  state_opened: {
    msg: 'state opened',
    level: 'info',
    fields: ['stateDir', 'lineage', 'serial', 'apps', 'intents'],
    meaning: 'The lock is held and the recorded state is proven.',
  },
  state_recovered: {
    msg: 'state recovered',
    level: 'warn',
    fields: ['stateDir', 'droppedBytes'],
    meaning:
      'The last process did not end cleanly: an unfinished record was dropped. It had never been acknowledged, so nothing is lost.',
  },
  control_socket_bound_again: {
    msg: 'control socket bound again',
    level: 'warn',
    fields: ['file'],
    meaning:
      'Something removed the control socket, such as a cleaner of old files. Commands reach the daemon again.',
  },
  control_socket_lost: {
    msg: 'control socket lost',
    level: 'warn',
    fields: ['file', 'err'],
    meaning: 'The control socket is not at its path and cannot be bound there. It is tried again every 5 s.',
  },
  log_lines_lost: {
    msg: 'log lines lost',
    level: 'warn',
    fields: ['lostLines'],
    meaning:
      'Whoever reads the log was stuck or failed for so long that lines were dropped. Rounds went on; the history is complete.',
  },
  history_not_written: {
    msg: 'history not written',
    level: 'warn',
    fields: ['err', 'lostLines'],
    meaning: 'The history misses lines. Rounds go on; the state is not affected.',
  },
} as const satisfies Readonly<Record<string, LogEventSpec>>;
