/**
 * The fields of log lines: a name has one type and one meaning, whatever event it stands with
 * (docs/log-events.md).
 */

import type { Message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RoundReport } from '../model/round.ts';

/**
 * What the writer of an event gives for a field of each type; `encode-field.ts` says what the line then
 * holds.
 */
interface FieldTypes {
  readonly text: string;
  /** The line holds a message in English. */
  readonly sentence: string | Message;
  readonly number: number;
  readonly flag: boolean;
  readonly texts: readonly string[];
  /** Milliseconds since the epoch. */
  readonly instant: number;
  /** Anything that was thrown. */
  readonly error: unknown;
  readonly problems: readonly Diagnostic[];
  /** For observers of the event; no line holds it. */
  readonly report: RoundReport;
}

export const LOG_FIELDS = {
  action: {
    type: 'text',
    meaning: 'What the change does: `create`, `update`, `replace`, `delete`, `adopt`, `rebind`, `forget`.',
  },
  adopt: { type: 'number', meaning: 'Changes of that action in the plan.' },
  advice: { type: 'text', meaning: 'What to do about it.' },
  againInMs: { type: 'number', meaning: 'When it is tried again.' },
  appId: { type: 'text', meaning: "The platform's id of the app." },
  appKey: { type: 'text', meaning: "The entry's name in the YAML." },
  appKeys: { type: 'texts', meaning: 'Names of entries; the first ten of them.' },
  applied: { type: 'number', meaning: 'Changes that were applied in this round.' },
  apps: { type: 'number', meaning: 'How many entries or owned apps there are.' },
  attempt: { type: 'number', meaning: 'Which attempt at the call this was, from 1.' },
  by: { type: 'text', meaning: 'Who asked for it.' },
  byMs: { type: 'number', meaning: 'How far the wall clock moved against the steady one; negative is back.' },
  calls: { type: 'number', meaning: 'Requests sent, retries included.' },
  code: { type: 'number', meaning: 'The code in the body of the reply; 0 is success.' },
  command: { type: 'text', meaning: 'The command that came over the control socket.' },
  configuration: { type: 'text', meaning: 'Where it came from: `file` or `last_good`.' },
  create: { type: 'number', meaning: 'Changes of that action in the plan.' },
  delete: { type: 'number', meaning: 'Changes of that action in the plan.' },
  detail: { type: 'text', meaning: 'What was found, in a sentence.' },
  digest: {
    type: 'text',
    meaning: 'Content hash of the configuration or of the plan; the subject of `approve`.',
  },
  droppedBytes: {
    type: 'number',
    meaning: 'Bytes of an unfinished record at the end of the log of the state.',
  },
  durationMs: { type: 'number', meaning: 'How long it took.' },
  err: {
    type: 'error',
    meaning: 'The error: `message`, and where known `type`, `code`, `cause`; with `stack` at level error.',
  },
  failed: { type: 'number', meaning: 'Changes that failed in this round.' },
  failure: { type: 'text', meaning: 'The kind of failure; docs/errors.md says what each means.' },
  file: { type: 'text', meaning: 'The file it is about.' },
  forget: { type: 'number', meaning: 'Changes of that action in the plan.' },
  held: { type: 'number', meaning: 'How many changes are held for this reason.' },
  how: { type: 'text', meaning: 'How the daemon ended: `finished`, `timed_out` or `forced`.' },
  intents: { type: 'number', meaning: 'Creates whose outcome is not known yet.' },
  lineage: { type: 'text', meaning: 'The mark of this state; a state begun anew has another.' },
  logid: { type: 'text', meaning: "The platform's id of the request, to quote to its support." },
  lostLines: { type: 'number', meaning: 'Lines of the history or of the log that could not be written.' },
  method: { type: 'text', meaning: 'The HTTP method.' },
  needDecision: { type: 'number', meaning: 'Withheld changes for which somebody must decide.' },
  next: { type: 'text', meaning: 'What callbackd does next about a failed call, within its bounds.' },
  nextAt: { type: 'instant', meaning: 'When the next round begins.' },
  notice: { type: 'text', meaning: 'What a message tells: `failing`, `held`, `recovered`, `applied`.' },
  operation: { type: 'text', meaning: 'Which call of the API it was.' },
  path: { type: 'text', meaning: 'The path of the request, without its query.' },
  paths: { type: 'texts', meaning: 'The fields of the app that the change is about.' },
  problems: {
    type: 'problems',
    meaning:
      'Every problem of the configuration: `code`, `severity`, `message`, `hint`, `file`, `line`, `column`.',
  },
  report: { type: 'report', meaning: 'The round as a whole.' },
  receiver: { type: 'text', meaning: 'The name of a receiver under `notify:`.' },
  reason: { type: 'sentence', meaning: 'Why it is wanted, or why it is held back.' },
  rebind: { type: 'number', meaning: 'Changes of that action in the plan.' },
  release: { type: 'text', meaning: 'The command or the edit that releases it.' },
  replace: { type: 'number', meaning: 'Changes of that action in the plan.' },
  result: {
    type: 'text',
    meaning: 'How the round ended: `converged`, `held`, `failed`, `aborted` or `unreadable`.',
  },
  round: {
    type: 'number',
    meaning: 'The number of the round in this process; on every line written during one.',
  },
  roundRunning: { type: 'flag', meaning: 'Whether a round is still to be finished.' },
  schedule: { type: 'text', meaning: 'The cron expression of the rounds.' },
  serial: { type: 'number', meaning: 'How many changes the state has seen.' },
  settings: { type: 'texts', meaning: 'Names of settings.' },
  stoodMs: { type: 'number', meaning: 'How long the process stood still.' },
  patienceMs: { type: 'number', meaning: 'How long it may stand still at present.' },
  silentMs: { type: 'number', meaning: 'How long nothing moved.' },
  skipped: { type: 'number', meaning: 'Changes whose turn did not come in this round.' },
  stateDir: { type: 'text', meaning: 'The state directory.' },
  status: { type: 'number', meaning: 'The HTTP status of the reply.' },
  subject: { type: 'text', meaning: 'What the command is about: an entry or a digest.' },
  triggers: { type: 'texts', meaning: 'Why the round began.' },
  unchanged: { type: 'number', meaning: 'Entries that already are as they should be.' },
  unmanaged: { type: 'number', meaning: 'Apps in the account that are not ours.' },
  until: { type: 'instant', meaning: 'When it passes by itself.' },
  update: { type: 'number', meaning: 'Changes of that action in the plan.' },
  version: { type: 'text', meaning: 'The version of callbackd.' },
  warning: { type: 'text', meaning: 'What went well enough but needs attention.' },
  withheld: { type: 'number', meaning: 'Changes that are held back, for whatever reason.' },
} as const satisfies Readonly<Record<string, { readonly type: keyof FieldTypes; readonly meaning: string }>>;

export type LogFieldName = keyof typeof LOG_FIELDS;
/** What the caller gives for a field. */
export type LogFieldValue<Name extends LogFieldName> = FieldTypes[(typeof LOG_FIELDS)[Name]['type']];

/** A name with a question mark stands only on some of the lines. */
type FieldEntry = LogFieldName | `${LogFieldName}?`;

/** One kind of line. A new one is added to the table and, by `npm run docs`, to docs/log-events.md. */
export interface LogEventSpec {
  /** Constant, so that people can filter by it. */
  readonly msg: string;
  /**
   * error, a person must act; warn, one will have to if it continues; info, what changed; debug, why nothing
   * did.
   */
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly fields: readonly FieldEntry[];
  /** For the page. */
  readonly meaning: string;
  /** Every line from the event that begins a round to the one that ends it carries its number. */
  readonly round?: 'begins' | 'ends';
}
