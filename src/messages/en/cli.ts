/**
 * What commands ask, report and complain about; `cli-views.ts` has what they print of plans, status and
 * entries.
 */

import { formatDuration } from '../format-duration.ts';
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
  'cli.unknown_option': ({ option }: { readonly option: string }) => `unknown option '${option}'`,
  'cli.unknown_command': ({ command }: { readonly command: string }) => `unknown command '${command}'`,
  'cli.missing_argument': ({ argument }: { readonly argument: string }) =>
    `missing required argument '${argument}'`,
  'cli.option_needs_value': ({ option }: { readonly option: string }) =>
    `option '${option}' argument missing`,
  'cli.too_many_arguments': (call: {
    readonly command: string;
    readonly most: number;
    readonly given: number;
  }) =>
    `too many arguments for '${call.command}'. Expected ${plural(call.most, 'argument')} but got ${call.given}.`,
  'cli.not_a_choice': (choice: { readonly name: string; readonly value: string; readonly choices: string }) =>
    `'${choice.value}' is invalid for '${choice.name}'. Allowed choices are ${choice.choices}.`,
  'cli.whole_number': ({ flag, least, most, given }: WholeNumber) =>
    `${flag} must be a whole number from ${least} to ${most}, not ${given}`,
  'cli.name_a_shell': 'specify a shell: bash, zsh or fish',
  'cli.error': ({ problem }: { readonly problem: string }) => `error: ${problem}`,
  'cli.interrupted': 'interrupted',
  'cli.interrupted_advice': 'Nothing is lost: run the same command again to continue.',
  'cli.http_status': ({ status }: { readonly status: number }) => `HTTP status ${status}`,
  'cli.attempts': ({ count }: Count) => `${count} attempts`,
  'cli.facts': ({ facts }: { readonly facts: readonly string[] }) => facts.join(', '),
  'cli.unknown_key': ({ key }: { readonly key: string }) =>
    `no entry ${key} in the file, the state or the history`,
  'cli.unknown_key_advice': 'check the spelling; `callbackd status` shows what is recorded',
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
    `without a daemon, approve and apply in one step: callbackd apply --approve ${subject}`,
  'cli.reconcile_instead': 'without a daemon, run: callbackd apply',
  'cli.resume_instead': 'only the daemon can end a pause made with `callbackd pause`: start it, then resume',
  'cli.resume_in_file': 'to end a pause in the file, remove `paused:` there',
  'cli.pause_instead':
    'without a daemon nothing changes by itself; to pause `apply` as well, add `paused: {because: ...}` ' +
    'to the entry',
  'cli.pause_one_end': 'use either --for or --until, not both',
  'cli.pause_for': ({ given }: Given) => `--for must be a duration such as 90m or 2h, not ${given}`,
  'cli.pause_until': ({ given }: Given) =>
    `--until must be a time with a zone, such as 2026-12-01T08:00:00Z, not ${given}`,
  'cli.status_no_daemon': ({ problem }: { readonly problem: string }) =>
    `No daemon is running (${problem}). Last recorded state:`,
  'cli.healthy': ({ reason }: { readonly reason: string }) => `healthy: ${reason}`,
  'cli.not_healthy': ({ reason }: { readonly reason: string }) => `not healthy: ${reason}`,
} as const;

const RECORD = {
  'cli.no_change': ({ dir }: { readonly dir: string }) => `No changes are recorded in ${dir}.`,
  'cli.no_change_of': ({ key, dir }: { readonly key: string; readonly dir: string }) =>
    `No changes of ${key} are recorded in ${dir}.`,
  'cli.why_offline': ({ key }: { readonly key: string }) =>
    `To see what is recorded without reading the account: callbackd why ${key} --offline`,
} as const;

const PLAN_AND_APPLY = {
  'cli.plan_saved': ({ file }: { readonly file: string }) =>
    `Saved. To apply exactly this plan: callbackd apply ${file}`,
  'cli.nobody_to_ask': 'cannot ask for confirmation without a terminal: add --yes to apply without asking',
  'cli.nothing_changed': 'Nothing was changed.',
  'cli.apply_confirm': ({ count }: Count) =>
    `Apply ${count === 1 ? 'this change' : `these ${count} changes`}? Type yes: `,
  'cli.delete_no_id': ({ given }: Given) => `delete takes the id of an app, digits only, not ${given}`,
  'cli.delete_owned': ({ id, key }: { readonly id: string; readonly key: string }) =>
    `${id} is owned by the entry ${key}: remove the entry from the file to delete its app`,
  'cli.delete_unknown': ({ id }: { readonly id: string }) => `the account shows no app ${id}`,
  'cli.delete_spoken_for': ({ id }: { readonly id: string }) =>
    `${id} cannot be deleted: an entry pins it, an open create may have made it, or its type is unknown`,
  'cli.delete_confirm': ({ id }: { readonly id: string }) => `Delete ${id} permanently? Type yes: `,
  'cli.apply_settles': ({ seconds }: { readonly seconds: number }) =>
    `The listing may not show the last run's changes yet; waiting ${seconds} s before deciding.`,
  'cli.plan_moved': 'The files or the account have changed since. The current plan:',
  'cli.plans_anew': ({ why }: { readonly why: string }) => `Stopped deleting: ${why}.`,
  'cli.account_moved':
    'the configuration now names another account or state directory: run the command again',
  'cli.apply_waits': ({ seconds }: { readonly seconds: number }) =>
    `The reply to a create was lost. Waiting ${seconds} s, then checking the listing for the new app.`,
  'cli.interrupted_finishing':
    'Interrupted: finishing requests in progress. Press Ctrl-C again to stop at once.',
  'cli.interrupted_late': 'Interrupted, but everything was already done.',
  'cli.interrupted_after': ({ done, left }: { readonly done: number; readonly left: number }) =>
    `Interrupted: ${done} done and recorded, ${left} left. Nothing is lost: run the same command again to continue.`,
} as const;

const SAVED_PLAN = {
  'cli.saved_refused': ({ file, because }: { readonly file: string; readonly because: string }) =>
    `${file} cannot be applied: ${because}`,
  'cli.saved_refused_advice': 'nothing was changed; create a new plan with `callbackd plan --out FILE`',
  'cli.saved_item': (item: { readonly action: string; readonly who: string; readonly because: string }) =>
    `refused: ${item.action} ${item.who}: ${item.because}`,
  'cli.saved_field': ({ path, planned, now }: Path & { readonly planned: string; readonly now: string }) =>
    `  ${path}: planned ${planned}; now ${now}`,
  'cli.saved_no_change': 'no change',
  'cli.saved_further': ({ count }: Count) =>
    `${plural(count, 'newer change')} not in the saved plan, so not applied.`,
  'cli.saved_foreign': ({ because }: { readonly because: string }) =>
    `This is not a plan saved by callbackd: ${because}.`,
  'cli.saved_no_json': ({ error }: { readonly error: string }) => `it is not JSON (${error})`,
  'cli.saved_version': ({ version }: { readonly version: string }) =>
    `its format_version is ${version}, but this version reads only 1`,
  'cli.saved_no_document': 'the document is not an object',
  'cli.saved_no_object': ({ path }: Path) => `${path} is not an object`,
  'cli.saved_no_list': ({ path }: Path) => `${path} is not a list`,
  'cli.saved_no_text': ({ path }: Path) => `${path} is not a string`,
  'cli.saved_no_flag': ({ path }: Path) => `${path} is not true or false`,
  'cli.saved_no_count': ({ path }: Path) => `${path} is not a whole number`,
  'cli.saved_no_instant': ({ path }: Path) => `${path} is not a time`,
  'cli.saved_none_of': ({ path, words }: Path & { readonly words: readonly string[] }) =>
    `${path} is not one of ${words.join(', ')}`,
  'cli.saved_changed': 'it was changed after it was made: its seal does not fit',
  'cli.saved_unprintable': ({ path }: Path) => `${path} holds characters that cannot be shown`,
  'cli.rotate_confirm': ({ key }: { readonly key: string }) => `Rotate the verify_token of ${key}?`,
  'cli.rotate_overlap': ({ given }: { readonly given: string }) =>
    `--overlap takes a duration such as 10m, not ${given}`,
  'cli.rotate_waits': ({ waitMs }: { readonly waitMs: number }) =>
    `Waiting ${formatDuration(waitMs)} for the end of the overlap. Ctrl-C leaves the rest to the next run.`,
  'cli.rotate_left':
    'The rotation is not finished. The daemon, `callbackd apply` or the same command again continues it.',
  'cli.rotate_without_sink':
    'No token_sink is configured: copy the new verify_token from the console to the receiver before the overlap ends.',
  'cli.rotate_unknown_key': ({ key, nearest }: { readonly key: string; readonly nearest: string }) =>
    `there is no entry with the key ${JSON.stringify(key)}; did you mean ${nearest}?`,
  'cli.out_no_plan': ({ file }: { readonly file: string }) =>
    `${file} holds something else than a plan and is left alone`,
  'cli.out_no_plan_advice': 'name another file with --out, or remove this one',
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
