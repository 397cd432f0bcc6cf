/**
 * The fields of log lines: a name has one type and one meaning, whatever event it stands with
 * (docs/log-events.md). All text in a line is masked and printable.
 */

import { inspect } from 'node:util';
import { printable } from '../lib/printable.ts';
import type { Message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { type Diagnostic, sayDiagnostic } from '../model/diagnostic.ts';
import type { RoundReport } from '../model/round.ts';
import { Secret } from '../model/secret.ts';
import { isSecretName, maskSecretShapes } from '../model/secret-shapes.ts';

/**
 * What the writer of an event gives for a field of each type; `ENCODERS` says what the line then holds.
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
  adopt: { type: 'number', meaning: 'Number of changes with this action in the plan.' },
  advice: { type: 'text', meaning: 'What to do about it.' },
  againInMs: { type: 'number', meaning: 'Milliseconds until the next attempt.' },
  appId: { type: 'text', meaning: "The platform's id of the app." },
  appIds: { type: 'texts', meaning: 'Ids of apps, at most ten.' },
  appKey: { type: 'text', meaning: 'The key of the entry in the YAML.' },
  appKeys: { type: 'texts', meaning: 'Keys of entries, at most ten.' },
  applied: { type: 'number', meaning: 'Changes that were applied in this round.' },
  apps: { type: 'number', meaning: 'Number of entries or owned apps.' },
  attempt: { type: 'number', meaning: 'The attempt number, from 1.' },
  by: { type: 'text', meaning: 'Who asked for it.' },
  byMs: {
    type: 'number',
    meaning: 'How far the wall clock moved relative to the monotonic clock; negative means backwards.',
  },
  calls: { type: 'number', meaning: 'Requests sent, including retries.' },
  code: { type: 'number', meaning: 'The code in the body of the reply; 0 is success.' },
  command: { type: 'text', meaning: 'The command that came over the control socket.' },
  configuration: { type: 'text', meaning: 'Where the configuration came from: `file` or `last_good`.' },
  create: { type: 'number', meaning: 'Number of changes with this action in the plan.' },
  delete: { type: 'number', meaning: 'Number of changes with this action in the plan.' },
  daysLeft: { type: 'number', meaning: 'The step that was reached, in days before the end.' },
  detail: { type: 'text', meaning: 'What was found, in a sentence.' },
  digest: {
    type: 'text',
    meaning: 'Content hash of the configuration or of the plan; the argument of `approve`.',
  },
  droppedBytes: {
    type: 'number',
    meaning: 'Bytes of an incomplete record at the end of the state log.',
  },
  durationMs: { type: 'number', meaning: 'Duration in milliseconds.' },
  err: {
    type: 'error',
    meaning:
      'The error: `message` and, if available, `type`, `code` and `cause`; at level error also `stack`.',
  },
  failed: { type: 'number', meaning: 'Changes that failed in this round.' },
  failure: { type: 'text', meaning: 'The kind of failure, see docs/errors.md.' },
  file: { type: 'text', meaning: 'The file concerned.' },
  forget: { type: 'number', meaning: 'Number of changes with this action in the plan.' },
  held: { type: 'number', meaning: 'Number of changes held for this reason.' },
  how: { type: 'text', meaning: 'How the daemon stopped: `finished`, `timed_out` or `forced`.' },
  intents: { type: 'number', meaning: 'Creates whose outcome is not known yet.' },
  lineage: { type: 'text', meaning: 'The id of this state; a new state gets another one.' },
  logid: { type: 'text', meaning: "The platform's id of the request; quote it to its support." },
  lostLines: { type: 'number', meaning: 'Lines of the history or the log that could not be written.' },
  marks: { type: 'texts', meaning: 'What marks carry: four hex digits of the lineage that made them.' },
  method: { type: 'text', meaning: 'The HTTP method.' },
  needDecision: { type: 'number', meaning: 'Number of held changes that need a decision.' },
  next: { type: 'text', meaning: 'What callbackd does next about a failed call.' },
  nextAt: { type: 'instant', meaning: 'When the next round begins.' },
  notice: { type: 'text', meaning: 'The kind of message: `failing`, `held`, `recovered`, `applied`.' },
  operation: { type: 'text', meaning: 'The API operation.' },
  path: { type: 'text', meaning: 'The path of the request, without its query.' },
  paths: { type: 'texts', meaning: 'The fields of the app that are changed.' },
  problems: {
    type: 'problems',
    meaning:
      'All problems of the configuration: `code`, `severity`, `message`, `hint`, `file`, `line`, `column`.',
  },
  report: { type: 'report', meaning: 'The round as a whole.' },
  receiver: { type: 'text', meaning: 'The name of a receiver under `notify:`.' },
  reason: { type: 'sentence', meaning: 'Why the change is planned or held.' },
  rebind: { type: 'number', meaning: 'Number of changes with this action in the plan.' },
  release: { type: 'text', meaning: 'The command or edit that unblocks it.' },
  replace: { type: 'number', meaning: 'Number of changes with this action in the plan.' },
  result: {
    type: 'text',
    meaning: 'How the round ended: `converged`, `held`, `failed`, `aborted` or `unreadable`.',
  },
  round: {
    type: 'number',
    meaning: 'The number of the round in this process; on every line written during a round.',
  },
  roundRunning: { type: 'flag', meaning: 'Whether a round is still running.' },
  schedule: { type: 'text', meaning: 'The cron expression of the rounds.' },
  serial: { type: 'number', meaning: 'Number of changes recorded in the state so far.' },
  settings: { type: 'texts', meaning: 'Names of settings.' },
  stoodMs: { type: 'number', meaning: 'How long the process was suspended.' },
  patienceMs: { type: 'number', meaning: 'How long it may currently be suspended before it plans again.' },
  silentMs: { type: 'number', meaning: 'How long there was no progress.' },
  skipped: { type: 'number', meaning: 'Changes that this round did not reach.' },
  stateDir: { type: 'text', meaning: 'The state directory.' },
  status: { type: 'number', meaning: 'The HTTP status of the reply.' },
  subject: { type: 'text', meaning: 'The argument of the command: a key or a digest.' },
  triggers: { type: 'texts', meaning: 'Why the round started.' },
  unchanged: { type: 'number', meaning: 'Entries that already match the account.' },
  unmanaged: { type: 'number', meaning: 'Apps in the account that no entry owns.' },
  until: { type: 'instant', meaning: 'When it ends without intervention.' },
  update: { type: 'number', meaning: 'Number of changes with this action in the plan.' },
  version: { type: 'text', meaning: 'The version of callbackd.' },
  warning: { type: 'text', meaning: 'What needs attention although the change was applied.' },
  withheld: { type: 'number', meaning: 'Number of held changes, for any reason.' },
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
   * error: a person must act; warn: will have to if it continues; info: what changed; debug: why nothing did.
   */
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly fields: readonly FieldEntry[];
  /** For the page. */
  readonly meaning: string;
  /** Every line from the event that begins a round to the one that ends it carries its number. */
  readonly round?: 'begins' | 'ends';
}

/** A diagnostic of the configuration, flat. */
export interface LoggedProblem {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What an error is and says, and what caused it; its other members are never shown. */
export interface DescribedError {
  readonly type?: string;
  readonly message: string;
  /** The system's or the class's own code. */
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

const MASK = '[masked]';
/** Errors nest by `cause`; nothing that is logged on purpose is deeper. */
const DEPTH_MAX = 8;
/** An error may be its own cause. */
const CAUSES_MAX = 5;

const ENCODERS: Readonly<
  Record<(typeof LOG_FIELDS)[keyof typeof LOG_FIELDS]['type'], (value: never) => unknown>
> = {
  text: (text: unknown) => clean(text),
  sentence: (given: string | Message) => clean(typeof given === 'string' ? given : say(given)),
  texts: (texts: unknown) => clean(texts),
  number: (number: unknown) => clean(number),
  flag: (flag: unknown) => clean(flag),
  instant: (at: number) => new Date(at).toISOString(),
  error: (error: unknown) => encodeError(error, { withStack: false }),
  problems: (diagnostics: readonly Diagnostic[]) => clean(diagnostics.map(flattenDiagnostic)),
  report: () => undefined,
};

/** By the name of the field. */
export const SERIALIZERS: Readonly<Record<string, (value: unknown) => unknown>> = Object.fromEntries(
  Object.entries(LOG_FIELDS).map(([name, { type }]) => [name, ENCODERS[type] as (value: unknown) => unknown]),
);

/** Anything can be thrown: what is no error becomes its text. */
export function encodeError(error: unknown, { withStack }: { readonly withStack: boolean }): unknown {
  const described = describeError(error, withStack, CAUSES_MAX);
  const encoded = clean(described) as DescribedError;
  if (described.stack === undefined) return encoded;
  // Its line ends are the only ones in the log; pretty lines are made at them.
  const lines = maskSecretShapes(described.stack, MASK).split('\n').map(printable);
  return { ...encoded, stack: lines.join('\n') };
}

function describeError(error: unknown, withStack: boolean, causesMax: number): DescribedError {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? error : inspect(error) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(withStack && stack !== undefined ? { stack } : {}),
    ...(cause === undefined || causesMax === 0 ? {} : { cause: describeError(cause, false, causesMax - 1) }),
  };
}

function flattenDiagnostic(diagnostic: Diagnostic): LoggedProblem {
  const { code, severity, message, hint, position } = sayDiagnostic(diagnostic);
  const { file, line, column } = position;
  return { code, severity, message, ...(hint === undefined ? {} : { hint }), file, line, column };
}

/**
 * A copy of a JSON-like value without anything that looks like a credential or could move a cursor: the
 * second net, the first is that secrets are `Secret`s and never given to the log at all. What is nested too
 * deeply is masked as a whole.
 */
function clean(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return printable(maskSecretShapes(value, MASK));
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Secret) return MASK;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return MASK;
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  const members = Object.entries(value).map(([name, member]) => [
    clean(name),
    isSecretName(name) && member !== undefined ? MASK : clean(member, depth + 1),
  ]);
  return Object.fromEntries(members);
}
