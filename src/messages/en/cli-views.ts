/** What commands print of plans, outcomes, the history, the daemon's status and single entries. */

import { plural } from '../plural.ts';

interface Count {
  readonly count: number;
}

interface At {
  readonly at: string;
}

interface Owned extends At {
  readonly id: string;
  readonly how: string;
}

interface Round extends At {
  readonly round: number | string;
  readonly triggers: readonly string[];
  readonly result: string;
  readonly calls: number;
}

const SHARED = {
  'cli.yes': 'yes',
  'cli.none': 'none',
  'cli.everything': 'everything',
  'cli.more': ({ count }: Count) => `${count} more`,
  'cli.since': ({ since }: { readonly since: string }) => `since ${since}`,
  'cli.until': ({ until }: { readonly until: string }) => `until ${until}`,
  'cli.until_resumed': 'until somebody resumes it',
  'cli.by': ({ by }: { readonly by: string }) => `by ${by}`,
  'cli.because': ({ because }: { readonly because: string }) => `because ${because}`,
  'cli.backing_off': 'backing off',
  'cli.unmanaged': '(unmanaged)',
  'cli.unmanaged_app': 'unmanaged app',
  'cli.an_unmanaged_app': 'an unmanaged app',
  'cli.loses': ({ what }: { readonly what: string }) => `loses ${what}`,
  'cli.to_release': ({ release }: { readonly release: string }) => `to release: ${release}`,
  'cli.title_withheld': 'Withheld:',
  'cli.title_failed': 'Failed:',
  'cli.no_response': 'no response',
  'cli.attempt': ({ attempt }: { readonly attempt: number }) => `attempt ${attempt}`,
  'cli.warning': ({ text }: { readonly text: string }) => `warning: ${text}`,
  'cli.failed_to': ({ action }: { readonly action: string }) => `failed to ${action}`,
  'cli.done_create': 'created',
  'cli.done_update': 'updated',
  'cli.done_replace': 'replaced',
  'cli.done_delete': 'deleted',
  'cli.done_adopt': 'adopted',
  'cli.done_rebind': 'rebound',
  'cli.done_forget': 'forgotten',
} as const;

const PLAN = {
  'cli.plan_title': ({ counts }: { readonly counts: string }) => `Plan: ${counts}`,
  'cli.plan_origin': (plan: { readonly digest: string; readonly endpoint: string; readonly until: string }) =>
    `${plan.digest} for ${plan.endpoint}, valid until ${plan.until}`,
  'cli.plan_is_summary': 'This is a summary of a long plan; --full lists everything.',
  'cli.plan_cut': ({ parts }: { readonly parts: readonly string[] }) => `... and ${parts.join(', ')}`,
  'cli.more_of_kind': ({ count, kind }: Count & { readonly kind: string }) => `${count} more ${kind}`,
  'cli.to_token_sink': 'to the token sink',
  'cli.approve_without_daemon':
    'Where no daemon runs, `callbackd apply --approve ...` does what `approve` does.',
  'cli.markdown_title': ({ counts }: { readonly counts: string }) => `callbackd plan: ${counts}`,
  'cli.markdown_destroys': 'Destroys',
  'cli.markdown_decisions': 'Needs a decision',
  'cli.markdown_changes': 'Changes',
  'cli.markdown_withheld': 'Withheld',
  'cli.markdown_cut': ({ count }: Count) =>
    `... and ${count} more; \`callbackd plan --full\` lists everything.`,
} as const;

const APPLY = {
  'cli.no_reason': 'no reason was given',
  'cli.warning_for': ({ who, text }: { readonly who: string; readonly text: string }) =>
    `warning for ${who}: ${text}`,
  'cli.skipped': ({ action, who }: { readonly action: string; readonly who: string }) =>
    `skipped ${action} ${who}`,
  'cli.count_applied': ({ count }: Count) => `${count} applied`,
  'cli.count_failed': ({ count }: Count) => `${count} failed`,
  'cli.count_skipped': ({ count }: Count) => `${count} skipped`,
  'cli.apply_done': ({ counts }: { readonly counts: readonly string[] }) => `Done: ${counts.join(', ')}.`,
  'cli.about_left': ({ left }: { readonly left: string }) => `about ${left} left`,
} as const;

const STATUS = {
  'cli.status_account': 'account',
  'cli.status_daemon': 'daemon',
  'cli.status_since': ({ version, since }: { readonly version: string; readonly since: string }) =>
    `callbackd ${version}, since ${since}`,
  'cli.status_healthy': 'healthy',
  'cli.status_ready': 'ready',
  'cli.status_no': ({ reason }: { readonly reason: string }) => `no: ${reason}`,
  'cli.status_configuration': 'configuration',
  'cli.status_file': ({ at }: At) => `the file, loaded ${at}`,
  'cli.status_last_good': ({ at }: At) => `the last good one, loaded ${at}`,
  'cli.status_problem': ({ problem, since }: { readonly problem: string; readonly since: string }) =>
    `${problem} since ${since}`,
  'cli.status_restart': ({ settings }: { readonly settings: readonly string[] }) =>
    `needs a restart for ${settings.join(', ')}`,
  'cli.status_paused': 'paused',
  'cli.status_last': 'last round',
  'cli.status_next': 'next round',
  'cli.status_no_round': 'none yet',
  'cli.status_round': ({ round, triggers, result, at, calls }: Round) =>
    `${round} (${triggers.join(', ')}) ${result} at ${at}, ${calls} calls`,
  'cli.status_running': ({ round }: { readonly round: number | string }) => `${round} is running`,
  'cli.status_calls': 'calls today',
  'cli.status_of_budget': ({ count, budget }: Count & { readonly budget: number }) => `${count} of ${budget}`,
  'cli.recorded_state': 'state',
  'cli.recorded_serial': ({ dir, serial }: { readonly dir: string; readonly serial: number }) =>
    `${dir}, serial ${serial}`,
  'cli.recorded_apps': 'apps',
  'cli.recorded_counts': ({ desired, owned }: { readonly desired: number; readonly owned: number }) =>
    `${desired} in the file, ${owned} owned`,
  'cli.recorded_unbound': 'not created yet',
  'cli.recorded_orphans': 'gone from the file',
  'cli.recorded_unfinished': 'not all set yet',
  'cli.recorded_creates': 'open creates',
  'cli.recorded_backoff': (backoff: {
    readonly key: string;
    readonly until: string;
    readonly reason: string;
  }) => `${backoff.key} until ${backoff.until}: ${backoff.reason}`,
  'cli.recorded_approved': 'approved once',
  'cli.recorded_approval': ({ subject, by, at }: At & { readonly subject: string; readonly by: string }) =>
    `${subject} by ${by} at ${at}`,
  'cli.recorded_last': 'Last change:',
} as const;

const WHY = {
  'cli.why_in_file': 'in the file',
  'cli.why_last_applied': 'last applied',
  'cli.why_in_account': 'in the account',
  'cli.why_decision': 'Decision:',
  'cli.why_changes': 'Last changes, newest first:',
  'cli.why_file': 'file',
  'cli.why_no_file': 'not in the file',
  'cli.why_type': 'type',
  'cli.why_connector': 'connector',
  'cli.why_record': 'record',
  'cli.why_owns': ({ id, how, at }: Owned) => `owns ${id}, ${how} ${at}`,
  'cli.why_owns_unfinished': ({ id, how, at }: Owned) => `owns ${id}, ${how} ${at}, not all set yet`,
  'cli.why_owns_none': 'owns no app',
  'cli.why_protect': 'protect',
  'cli.why_condemned': 'condemned',
  'cli.why_open_create': 'open create',
  'cli.why_unknown_outcome': ({ since }: { readonly since: string }) =>
    `since ${since}, outcome not known yet`,
  'cli.why_backoff': (backoff: {
    readonly until: string;
    readonly failures: number;
    readonly reason: string;
  }) => `until ${backoff.until}, ${backoff.failures} failed: ${backoff.reason}`,
  'cli.why_not_read': 'not read',
  'cli.why_holds': ({ app }: { readonly app: string }) => `holds ${app}`,
  'cli.why_holds_none': 'holds no app for it',
  'cli.why_not_shown': ({ id }: { readonly id: string }) => `does not show ${id}`,
  'cli.why_withheld': ({ action, reason }: { readonly action: string; readonly reason: string }) =>
    `${action} withheld: ${reason}`,
} as const;

const DRILL = {
  'cli.drill_entries': 'entries',
  'cli.drill_subject': ({ entries, found }: { readonly entries: number; readonly found: number }) =>
    `${entries}, and ${found} apps in the account at first`,
  'cli.drill_runs': 'runs',
  'cli.drill_seeds': ({ from, to }: { readonly from: number; readonly to: number }) =>
    ` (seeds ${from} to ${to})`,
  'cli.drill_end_time': '; as many as fit, `--runs` makes more',
  'cli.drill_end_interrupted': '; interrupted',
  'cli.drill_trouble': 'trouble',
  'cli.drill_incidents': ({ incidents, crashes }: { readonly incidents: number; readonly crashes: number }) =>
    `${incidents} faults and edits, ${crashes} restarts`,
  'cli.drill_work': 'work',
  'cli.drill_calls': (work: { readonly calls: number; readonly rounds: number; readonly days: string }) =>
    `${work.calls} calls, ${work.rounds} rounds, ${work.days} days of virtual time`,
  'cli.drill_undisturbed': 'undisturbed',
  'cli.drill_never': 'never in line',
  'cli.drill_calm': ({ after, calls }: { readonly after: string; readonly calls: number }) =>
    `in line after ${after} and ${calls} calls`,
  'cli.drill_recovery': 'recovery',
  'cli.drill_worst': ({ worst, seed }: { readonly worst: string; readonly seed: number }) =>
    `at worst ${worst} (seed ${seed})`,
  'cli.drill_held': 'Every promise held.',
  'cli.drill_broken': ({ count }: Count) => `${plural(count, 'run')} broke a promise:`,
  'cli.drill_pitfalls': 'About this file:',
  'cli.drill_assumptions': 'Taken for granted:',
  'cli.drill_violation': (broken: {
    readonly promise: string;
    readonly seed: number;
    readonly message: string;
  }) => `${broken.promise}, seed ${broken.seed}: ${broken.message}`,
  'cli.drill_replay': ({ command }: { readonly command: string }) => `replay: ${command}`,
  'cli.drill_report':
    'A promise that breaks is a bug of callbackd: please report it with the seed and the file.',
  'cli.drill_release': ({ release }: { readonly release: string }) => `to release it: ${release}`,
  'cli.drill_more_held': ({ count }: Count) => `${count} more; \`-o json\` has all of them`,
  'cli.drill_reason': (held: {
    readonly reason: string;
    readonly runs: number;
    readonly all: number;
    readonly seed: number;
  }) => `${held.reason} in ${held.runs} of ${held.all} runs, as with seed ${held.seed}`,
  'cli.drill_held_calm': 'Held although nothing went wrong:',
  'cli.drill_held_after': 'Waiting for a decision after the trouble:',
  'cli.seed_held': ({ seed }: { readonly seed: number }) => `Seed ${seed}: every promise held.`,
  'cli.drill_shrunk': (left: {
    readonly incidents: number;
    readonly incidentsAtFirst: number;
    readonly entries: number;
    readonly entriesAtFirst: number;
  }) =>
    `Made small: ${left.incidents} of ${left.incidentsAtFirst} incidents and ${left.entries} of ` +
    `${left.entriesAtFirst} entries are left.`,
  'cli.drill_seed_breaks': (broken: {
    readonly seed: number;
    readonly promise: string;
    readonly message: string;
  }) => `Seed ${broken.seed} breaks ${broken.promise}: ${broken.message}`,
  'cli.seed_breaks': (broken: {
    readonly seed: number;
    readonly promise: string;
    readonly message: string;
  }) => `seed ${broken.seed} breaks ${broken.promise}: ${broken.message}`,
  'cli.runs_broken': ({ count }: Count) => `, ${count} broke a promise`,
  'cli.run_number': ({ number }: { readonly number: string }) => `run ${number}`,
  'cli.runs_made': ({ count }: { readonly count: string }) => `${count} runs`,
} as const;

export const CLI_VIEWS = { ...SHARED, ...PLAN, ...APPLY, ...STATUS, ...WHY, ...DRILL } as const;
