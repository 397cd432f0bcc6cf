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
  'cli.until_resumed': 'until resumed',
  'cli.by': ({ by }: { readonly by: string }) => `by ${by}`,
  'cli.because': ({ because }: { readonly because: string }) => `because ${because}`,
  'cli.backing_off': 'retrying later',
  'cli.unmanaged': '(unmanaged)',
  'cli.unmanaged_app': 'unmanaged app',
  'cli.an_unmanaged_app': 'an unmanaged app',
  'cli.loses': ({ what }: { readonly what: string }) => `loses ${what}`,
  'cli.to_release': ({ release }: { readonly release: string }) => `to unblock: ${release}`,
  'cli.title_withheld': 'Held:',
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
    `Plan ${plan.digest} for ${plan.endpoint}, valid until ${plan.until}`,
  'cli.plan_without_state':
    'Planned without a recorded state: renamed keys show as creates; deletes, drift, protected apps and ' +
    'pauses do not show. `--state-from http://HOST:9643` reads the state of the daemon.',
  'cli.plan_is_summary': 'This is a summary; --full lists everything.',
  'cli.plan_cut': ({ parts }: { readonly parts: readonly string[] }) => `... and ${parts.join(', ')}`,
  'cli.more_of_kind': ({ count, kind }: Count & { readonly kind: string }) => `${count} more ${kind}`,
  'cli.to_token_sink': 'deliver to the token sink',
  'cli.approve_without_daemon':
    'If no daemon is running, use `callbackd apply --approve ...` instead of `approve`.',
  'cli.markdown_title': ({ counts }: { readonly counts: string }) => `callbackd plan: ${counts}`,
  'cli.markdown_destroys': 'Destructive changes',
  'cli.markdown_decisions': 'Needs a decision',
  'cli.markdown_changes': 'Changes',
  'cli.markdown_withheld': 'Held',
  'cli.markdown_cut': ({ count }: Count) =>
    `... and ${count} more; \`callbackd plan --full\` lists everything.`,
} as const;

const APPLY = {
  'cli.no_reason': 'no reason given',
  'cli.warning_for': ({ who, text }: { readonly who: string; readonly text: string }) =>
    `warning for ${who}: ${text}`,
  'cli.skipped': ({ action, who }: { readonly action: string; readonly who: string }) =>
    `skipped ${action} ${who}`,
  'cli.count_applied': ({ count }: Count) => `${count} applied`,
  'cli.count_failed': ({ count }: Count) => `${count} failed`,
  'cli.count_skipped': ({ count }: Count) => `${count} skipped`,
  'cli.apply_done': ({ counts }: { readonly counts: readonly string[] }) => `Done: ${counts.join(', ')}.`,
  'cli.about_left': ({ left }: { readonly left: string }) => `about ${left} remaining`,
} as const;

const STATUS = {
  'cli.status_account': 'account',
  'cli.status_daemon': 'daemon',
  'cli.status_since': ({ version, since }: { readonly version: string; readonly since: string }) =>
    `callbackd ${version}, since ${since}`,
  'cli.status_healthy': 'healthy',
  'cli.status_ready': 'ready',
  'cli.status_no': ({ reason }: { readonly reason: string }) => `no, ${reason}`,
  'cli.status_configuration': 'configuration',
  'cli.status_file': ({ at }: At) => `from the file, loaded ${at}`,
  'cli.status_last_good': ({ at }: At) => `last good copy, loaded ${at}`,
  'cli.status_problem': ({ problem, since }: { readonly problem: string; readonly since: string }) =>
    `${problem} since ${since}`,
  'cli.status_restart': ({ settings }: { readonly settings: readonly string[] }) =>
    `restart needed for ${settings.join(', ')}`,
  'cli.status_paused': 'paused',
  'cli.status_last': 'last round',
  'cli.status_next': 'next round',
  'cli.status_next_at': ({ at, trigger }: At & { readonly trigger: string }) => `${at} (${trigger})`,
  'cli.status_no_round': 'none yet',
  'cli.status_round': ({ round, triggers, result, at, calls }: Round) =>
    `${round} (${triggers.join(', ')}) ${result} at ${at}, ${plural(calls, 'call')}`,
  'cli.status_running': ({ round }: { readonly round: number | string }) => `${round} is running`,
  'cli.status_log': 'log',
  'cli.status_log_lost': ({ count }: Count) => `${plural(count, 'line')} lost since the daemon started`,
  'cli.status_calls': 'calls today',
  'cli.status_of_budget': ({ count, budget }: Count & { readonly budget: number }) => `${count} of ${budget}`,
  'cli.recorded_state': 'state',
  'cli.recorded_serial': ({ dir, serial }: { readonly dir: string; readonly serial: number }) =>
    `${dir}, serial ${serial}`,
  'cli.recorded_apps': 'apps',
  'cli.recorded_counts': ({ desired, owned }: { readonly desired: number; readonly owned: number }) =>
    `${desired} in the file, ${owned} owned`,
  'cli.recorded_unbound': 'not created yet',
  'cli.recorded_orphans': 'removed from the file',
  'cli.recorded_unfinished': 'setup not finished',
  'cli.recorded_creates': 'creates with unknown outcome',
  'cli.recorded_backoff': (backoff: {
    readonly key: string;
    readonly until: string;
    readonly reason: string;
  }) => `${backoff.key} until ${backoff.until}: ${backoff.reason}`,
  'cli.recorded_approved': 'approved for one round',
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
  'cli.why_owns_unfinished': ({ id, how, at }: Owned) => `owns ${id}, ${how} ${at}, setup not finished`,
  'cli.why_owns_none': 'owns no app',
  'cli.why_protect': 'protect',
  'cli.why_deletion_scheduled': 'scheduled for deletion',
  'cli.why_open_create': 'create in doubt',
  'cli.why_unknown_outcome': ({ since }: { readonly since: string }) =>
    `sent ${since}, outcome not known yet`,
  'cli.why_backoff': (backoff: {
    readonly until: string;
    readonly failures: number;
    readonly reason: string;
  }) => `not before ${backoff.until}, after ${plural(backoff.failures, 'failure')}: ${backoff.reason}`,
  'cli.why_not_read': 'not read',
  'cli.why_holds': ({ app }: { readonly app: string }) => `has ${app}`,
  'cli.why_holds_none': 'has no app for this entry',
  'cli.why_not_shown': ({ id }: { readonly id: string }) => `does not list ${id}`,
  'cli.why_withheld': ({ action, reason }: { readonly action: string; readonly reason: string }) =>
    `${action} held: ${reason}`,
} as const;

const DRILL = {
  'cli.drill_entries': 'entries',
  'cli.drill_subject': ({ entries, found }: { readonly entries: number; readonly found: number }) =>
    `${entries}; the account starts with ${plural(found, 'app')}`,
  'cli.drill_runs': 'runs',
  'cli.drill_seeds': ({ from, to }: { readonly from: number; readonly to: number }) =>
    ` (seeds ${from} to ${to})`,
  'cli.drill_end_time': '; as many as time allowed, use `--runs` for more',
  'cli.drill_end_interrupted': '; interrupted',
  'cli.drill_trouble': 'faults',
  'cli.drill_incidents': ({ incidents, crashes }: { readonly incidents: number; readonly crashes: number }) =>
    `${incidents} injected faults and edits, ${crashes} restarts`,
  'cli.drill_work': 'work',
  'cli.drill_calls': (work: { readonly calls: number; readonly rounds: number; readonly days: string }) =>
    `${work.calls} calls, ${work.rounds} rounds, ${work.days} days of virtual time`,
  'cli.drill_undisturbed': 'without faults',
  'cli.drill_never': 'never in sync',
  'cli.drill_calm': ({ after, calls }: { readonly after: string; readonly calls: number }) =>
    `in sync after ${after} and ${plural(calls, 'call')}`,
  'cli.drill_recovery': 'recovery',
  'cli.drill_worst': ({ worst, seed }: { readonly worst: string; readonly seed: number }) =>
    `${worst} at worst (seed ${seed})`,
  'cli.drill_held': 'Every promise held.',
  'cli.drill_broken': ({ count }: Count) => `${plural(count, 'run')} broke a promise:`,
  'cli.drill_pitfalls': 'About this file:',
  'cli.drill_assumptions': 'Assumptions:',
  'cli.drill_violation': (broken: {
    readonly promise: string;
    readonly seed: number;
    readonly message: string;
  }) => `${broken.promise}, seed ${broken.seed}: ${broken.message}`,
  'cli.drill_replay': ({ command }: { readonly command: string }) => `replay: ${command}`,
  'cli.drill_report': 'A broken promise is a bug in callbackd. Please report it with the seed and the file.',
  'cli.drill_release': ({ release }: { readonly release: string }) => `to unblock: ${release}`,
  'cli.drill_more_held': ({ count }: Count) => `${count} more; \`-o json\` lists them all`,
  'cli.drill_reason': (held: {
    readonly reason: string;
    readonly runs: number;
    readonly all: number;
    readonly seed: number;
  }) => `${held.reason} in ${held.runs} of ${held.all} runs, for example with seed ${held.seed}`,
  'cli.drill_held_calm': 'Held even without faults:',
  'cli.drill_held_after': 'Held for a decision after faults:',
  'cli.seed_held': ({ seed }: { readonly seed: number }) => `Seed ${seed}: every promise held.`,
  'cli.drill_shrunk': (left: {
    readonly incidents: number;
    readonly incidentsAtFirst: number;
    readonly entries: number;
    readonly entriesAtFirst: number;
  }) =>
    `Reduced to ${left.incidents} of ${left.incidentsAtFirst} incidents and ${left.entries} of ` +
    `${left.entriesAtFirst} entries.`,
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
