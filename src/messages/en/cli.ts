/**
 * What commands ask, report and complain about; `cli-views.ts` has what they print of plans, status and
 * entries.
 */

import { plural } from '../plural.ts';

interface Count {
  readonly count: number;
}

interface Given {
  readonly given: string;
}

interface Path {
  readonly path: string;
}

interface WholeNumber extends Given {
  readonly flag: string;
  readonly least: number;
  readonly most: number;
}

const COMMAND_LINE = {
  'cli.help_one_of': ({ choices }: { readonly choices: string }) => `one of ${choices}`,
  'cli.help_default': ({ value }: { readonly value: string }) => `default ${value}`,
  'cli.whole_number': ({ flag, least, most, given }: WholeNumber) =>
    `${flag} takes a whole number from ${least} to ${most}, not ${given}`,
  'cli.name_a_shell': 'name a shell: bash, zsh or fish',
  'cli.error': ({ problem }: { readonly problem: string }) => `error: ${problem}`,
  'cli.interrupted': 'interrupted',
  'cli.interrupted_advice': 'Nothing is lost: run the same command again to go on.',
  'cli.http_status': ({ status }: { readonly status: number }) => `HTTP status ${status}`,
  'cli.attempts': ({ count }: Count) => `${count} attempts`,
  'cli.facts': ({ facts }: { readonly facts: readonly string[] }) => facts.join(', '),
  'cli.unknown_key': ({ key }: { readonly key: string }) => `nothing is known of an entry ${key}`,
  'cli.unknown_key_advice': 'it is in neither the file, the state nor the history',
  'cli.did_you_mean': ({ near }: { readonly near: string }) => `did you mean ${near}?`,
} as const;

const CONFIGURATION = {
  'cli.label_error': 'error',
  'cli.label_warning': 'warning',
  'cli.label_note': 'note',
  'cli.problems': ({ errors, warnings }: { readonly errors: number; readonly warnings: number }) =>
    [
      ...(errors > 0 ? [plural(errors, 'error')] : []),
      ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ].join(' and ') || 'no problems',
  'cli.valid': ({ file, count }: Count & { readonly file: string }) =>
    `${file} is valid: ${plural(count, 'app')}.`,
} as const;

/** Commands that talk to a running daemon, and what to do where there is none. */
const DAEMON = {
  'cli.approve_instead': ({ subject }: { readonly subject: string }) =>
    `without a daemon, approve and apply in one: callbackd apply --approve ${subject}`,
  'cli.reconcile_instead': 'without a daemon, do the same yourself: callbackd apply',
  'cli.resume_instead':
    'a pause made with `callbackd pause` is ended by the daemon that keeps it: start it, then resume',
  'cli.resume_in_file': 'a pause in the file ends when you remove `paused:` there',
  'cli.pause_instead':
    'without a daemon nothing changes by itself; to hold `apply` back too, write `paused: {because: ...}` ' +
    'into the entry',
  'cli.pause_one_end': 'give --for or --until, not both',
  'cli.pause_for': ({ given }: Given) => `--for takes a duration such as 90m or 2h, not ${given}`,
  'cli.pause_until': ({ given }: Given) =>
    `--until takes an instant with its zone, such as 2026-12-01T08:00:00Z, not ${given}`,
  'cli.status_no_daemon': ({ problem }: { readonly problem: string }) =>
    `No daemon answers (${problem}); this is what was recorded.`,
  'cli.healthy': ({ reason }: { readonly reason: string }) => `healthy: ${reason}`,
  'cli.not_healthy': ({ reason }: { readonly reason: string }) => `not healthy: ${reason}`,
} as const;

const RECORD = {
  'cli.no_change': ({ dir }: { readonly dir: string }) => `No change is on record in ${dir}.`,
  'cli.no_change_of': ({ key, dir }: { readonly key: string; readonly dir: string }) =>
    `No change of ${key} is on record in ${dir}.`,
  'cli.why_offline': ({ key }: { readonly key: string }) =>
    `Without the account: callbackd why ${key} --offline tells what is recorded.`,
} as const;

const PLAN_AND_APPLY = {
  'cli.plan_saved': ({ file }: { readonly file: string }) =>
    `Saved. Apply exactly this with: callbackd apply ${file}`,
  'cli.nobody_to_ask': 'there is nobody to ask here: add --yes to apply without asking',
  'cli.nothing_changed': 'Nothing was changed.',
  'cli.apply_confirm': ({ count }: Count) =>
    `Apply ${count === 1 ? 'this change' : `these ${count} changes`}? Type yes: `,
  'cli.apply_waits': ({ seconds }: { readonly seconds: number }) =>
    `The reply to a create was lost. Waiting ${seconds} s until the listing can tell whether it happened.`,
  'cli.interrupted_finishing':
    'Interrupted: finishing what is in flight. Press Ctrl-C again to stop at once.',
  'cli.interrupted_late': 'Interrupted, but everything was done by then.',
  'cli.interrupted_after': ({ done, left }: { readonly done: number; readonly left: number }) =>
    `Interrupted: ${done} done and recorded, ${left} left. Nothing is lost: run the same command again to go on.`,
} as const;

const SAVED_PLAN = {
  'cli.saved_refused': ({ file, because }: { readonly file: string; readonly because: string }) =>
    `${file} cannot be applied: ${because}`,
  'cli.saved_refused_advice': 'nothing was changed; make a new plan with `callbackd plan --out FILE`',
  'cli.saved_item': (item: { readonly action: string; readonly who: string; readonly because: string }) =>
    `refused: ${item.action} ${item.who}: ${item.because}`,
  'cli.saved_field': ({ path, planned, now }: Path & { readonly planned: string; readonly now: string }) =>
    `  ${path}: planned ${planned}; now ${now}`,
  'cli.saved_no_change': 'no change',
  'cli.saved_further': ({ count }: Count) =>
    `Also wanted now, but not in the saved plan and so left alone: ${count}.`,
  'cli.saved_foreign': ({ because }: { readonly because: string }) =>
    `This is not a plan that callbackd saved: ${because}.`,
  'cli.saved_no_json': ({ error }: { readonly error: string }) => `it is not JSON (${error})`,
  'cli.saved_version': ({ version }: { readonly version: string }) =>
    `its format_version is ${version}, and this version reads 1`,
  'cli.saved_no_document': 'the document is not an object',
  'cli.saved_no_object': ({ path }: Path) => `${path} is not an object`,
  'cli.saved_no_list': ({ path }: Path) => `${path} is not a list`,
  'cli.saved_no_text': ({ path }: Path) => `${path} is not a text`,
  'cli.saved_no_flag': ({ path }: Path) => `${path} is not true or false`,
  'cli.saved_no_count': ({ path }: Path) => `${path} is not a count`,
  'cli.saved_no_instant': ({ path }: Path) => `${path} is not an instant`,
  'cli.saved_none_of': ({ path, words }: Path & { readonly words: readonly string[] }) =>
    `${path} is none of ${words.join(', ')}`,
  'cli.saved_missing': ({ path }: Path) => `${path} is missing`,
  'cli.saved_unknown': ({ path }: Path) => `${path} is unknown`,
} as const;

export const CLI = {
  ...COMMAND_LINE,
  ...CONFIGURATION,
  ...DAEMON,
  ...RECORD,
  ...PLAN_AND_APPLY,
  ...SAVED_PLAN,
} as const;
