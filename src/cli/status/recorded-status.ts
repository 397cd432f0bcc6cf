/** What the state directory tells where no daemon answers: a plain document, and the same as text. Pure. */

import { printInstant } from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
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

export function formatRecordedText(status: RecordedStatus): string {
  const { apps } = status;
  const rows = [
    ['account', status.endpoint],
    ['state', `${status.state_dir}, serial ${status.serial}`],
    ['apps', `${apps.desired} in the file, ${apps.owned} owned`],
    ['not created yet', listKeys(apps.unbound)],
    ['gone from the file', listKeys(apps.orphans)],
    ['not all set yet', listKeys(apps.unfinished)],
    ['open creates', listKeys(status.open_creates)],
    ...status.backoffs.map(({ key, until, reason }) => [
      'backing off',
      `${key} until ${printInstant(Date.parse(until))}: ${reason}`,
    ]),
    ...status.pauses.map((pause) => ['paused', describePause(pause)]),
    ...status.approvals.map(({ subject, by, at }) => ['approved once', `${subject} by ${by} at ${at}`]),
  ].filter(([, value]) => value !== '');
  const lines = alignColumns(rows.map(([name, value]) => [`  ${name}`, printable(value ?? '')]));
  const last =
    status.last_change === null ? '' : `\nLast change:\n${formatHistoryText([status.last_change])}`;
  return `${lines.join('\n')}\n${last}`;
}

/** Up to five keys by name, the rest counted. */
function listKeys(keys: readonly string[]): string {
  const shown = keys.slice(0, 5);
  const more = keys.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function describePause({ key, until, because, by }: RecordedStatus['pauses'][number]): string {
  return [
    `${key ?? 'everything'}${until === null ? '' : ` until ${until}`}`,
    ...(by === null ? [] : [`by ${by}`]),
    ...(because === null ? [] : [`because ${because}`]),
  ].join(', ');
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
