/** The status without a running daemon, read from the state directory, as JSON and as text. */

import { printInstant } from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import { recorded } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import type { DesiredState } from '../../model/desired.ts';
import type { HistoryEntry } from '../../model/history.ts';
import type { State } from '../../model/state.ts';
import { formatHistoryText } from '../views/history-text.ts';
import { alignColumns } from '../views/layout.ts';

/** Instants are ISO 8601 in UTC. `condition` tells it from the daemon's document. */
interface RecordedStatus {
  readonly format_version: 1;
  readonly condition: 'no_daemon';
  readonly endpoint: string;
  readonly state_dir: string;
  readonly serial: number;
  readonly apps: {
    readonly desired: number;
    readonly owned: number;
    /** Entries that own no app yet. */
    readonly unbound: readonly string[];
    /** Owned, and gone from the file. */
    readonly orphans: readonly string[];
    /** Created, but not all set yet. */
    readonly unfinished: readonly string[];
  };
  /** Creates whose outcome is not known yet. */
  readonly open_creates: readonly string[];
  readonly backoffs: readonly { readonly key: string; readonly until: string; readonly reason: string }[];
  readonly pauses: readonly {
    /** `null`: everything. */
    readonly key: string | null;
    readonly until: string | null;
    readonly because: string | null;
    readonly by: string | null;
  }[];
  readonly approvals: readonly { readonly subject: string; readonly by: string; readonly at: string }[];
  readonly last_change: HistoryEntry | null;
}

export interface RecordedFacts {
  readonly lastChange: HistoryEntry | undefined;
  readonly desired: DesiredState;
  readonly stateDir: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function describeRecorded(
  state: State,
  { lastChange, desired, stateDir, now }: RecordedFacts,
): RecordedStatus {
  const owned = [...state.apps.values()];
  const pauses = [
    ...(state.pausedAll === undefined ? [] : [[null, state.pausedAll] as const]),
    ...state.pauses,
  ].filter(([, pause]) => pause.until === undefined || pause.until > now);
  return {
    format_version: 1,
    condition: 'no_daemon',
    endpoint: state.endpoint,
    state_dir: stateDir,
    serial: state.serial,
    apps: {
      desired: desired.apps.size,
      owned: owned.length,
      unbound: [...desired.apps.keys()].filter((key) => !state.apps.has(key)),
      orphans: owned.filter(({ key }) => !desired.apps.has(key)).map(({ key }) => key),
      unfinished: owned.filter(({ activating }) => activating).map(({ key }) => key),
    },
    open_creates: [...state.intents.keys()],
    backoffs: [...state.backoffs]
      .filter(([, { until }]) => until > now)
      .map(([key, { until, reason }]) => ({ key, until: iso(until), reason })),
    pauses: pauses.map(([key, { until, because, by }]) => ({
      key,
      until: until === undefined ? null : iso(until),
      because: because ?? null,
      by: by ?? null,
    })),
    approvals: state.grants.map(({ subject, by, at }) => ({ subject, by, at: iso(at) })),
    last_change: lastChange ?? null,
  };
}

export function formatRecordedText(status: RecordedStatus, translate: Translate): string {
  const { apps } = status;
  const rows = [
    [translate('cli.status_account'), status.endpoint],
    [
      translate('cli.recorded_state'),
      translate('cli.recorded_serial', { dir: status.state_dir, serial: status.serial }),
    ],
    [
      translate('cli.recorded_apps'),
      translate('cli.recorded_counts', { desired: apps.desired, owned: apps.owned }),
    ],
    [translate('cli.recorded_unbound'), listKeys(apps.unbound, translate)],
    [translate('cli.recorded_orphans'), listKeys(apps.orphans, translate)],
    [translate('cli.recorded_unfinished'), listKeys(apps.unfinished, translate)],
    [translate('cli.recorded_creates'), listKeys(status.open_creates, translate)],
    ...status.backoffs.map(({ key, until, reason }) => [
      translate('cli.backing_off'),
      translate('cli.recorded_backoff', {
        key,
        until: printInstant(Date.parse(until)),
        reason: recorded(reason),
      }),
    ]),
    ...status.pauses.map((pause) => [translate('cli.status_paused'), describePause(pause, translate)]),
    ...status.approvals.map(({ subject, by, at }) => [
      translate('cli.recorded_approved'),
      translate('cli.recorded_approval', { subject, by, at }),
    ]),
  ].filter(([, value]) => value !== '');
  const lines = alignColumns(rows.map(([name, value]) => [`  ${name}`, printable(value ?? '')]));
  const last =
    status.last_change === null
      ? ''
      : `\n${translate('cli.recorded_last')}\n${formatHistoryText([status.last_change], translate)}`;
  return `${lines.join('\n')}\n${last}`;
}

/** Up to five keys by name, the rest counted. */
function listKeys(keys: readonly string[], translate: Translate): string {
  const shown = keys.slice(0, 5);
  const more = keys.length - shown.length;
  return [...shown, ...(more > 0 ? [translate('cli.more', { count: more })] : [])].join(', ');
}

function describePause(pause: RecordedStatus['pauses'][number], translate: Translate): string {
  const { key, until, because, by } = pause;
  const whose = key ?? translate('cli.everything');
  const items = [
    until === null ? whose : `${whose} ${translate('cli.until', { until })}`,
    ...(by === null ? [] : [translate('cli.by', { by })]),
    ...(because === null ? [] : [translate('cli.because', { because })]),
  ];
  return translate('comma_list', { items });
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
