/** What `init`, `import`, `sandbox`, `demo` and `rehearse` say: the commands of whoever begins. */

import { plural } from '../plural.ts';

interface Count {
  readonly count: number;
}

interface Calls {
  readonly perRound: number;
  readonly perDay: number;
  /** Between two rounds, such as `10m`. */
  readonly period: string;
}

const INIT = {
  'cli.init_exists_advice':
    'nothing was written; name another with --config, or see what it does: callbackd plan',
  'cli.init_needs_token_file': '--token-stdin needs --token-file: where to keep it',
  'cli.init_no_token': '--token-stdin: standard input holds no token',
  'cli.init_nothing': 'Nothing was written.',
  'cli.ask_platform': ({ cn, com }: { readonly cn: string; readonly com: string }) =>
    `The platform: 1 for ${cn}, 2 for ${com}, or another URL [1]: `,
  'cli.ask_url_again': 'That is no URL such as https://api.coze.cn; please try again.',
  'cli.ask_token_file': ({ proposed }: { readonly proposed: string }) =>
    `The file that holds the API token, or "env" for $COZE_API_TOKEN [${proposed}]: `,
  'cli.ask_token': ({ file }: { readonly file: string }) =>
    `Paste the token to have it kept in ${file}, for you alone (nothing is shown); Enter leaves that to you: `,
  'cli.ask_state_dir': ({ service, proposed }: { readonly service: string; readonly proposed: string }) =>
    `Where the state is kept; ${service} for a service [${proposed}]: `,
  'cli.ask_import': 'Write down what the account holds now?',
  'cli.ask_yes': ({ question }: { readonly question: string }) => `${question} [Y/n]: `,
  'cli.init_key': 'the key: yours to choose, and unique',
  'cli.init_every_field':
    'Every field: `callbackd schema`, or hover over one in an editor that knows the line above.',
  'cli.init_wrote': ({
    file,
    count,
    others,
  }: Count & { readonly file: string; readonly others: readonly string[] }) =>
    `Wrote ${file} with ${plural(count, 'app')}${others.length === 0 ? '' : `, and ${others.join(' and ')} beside it`}.`,
  'cli.init_next': 'Next:',
  'cli.init_paste': 'paste the API token, Ctrl-D',
  'cli.init_where_unset': 'where it is not set yet',
  'cli.init_next_doctor': 'check everything it depends on',
  'cli.init_next_plan': 'see what would change; writes nothing',
  'cli.init_next_apply': 'make it so',
  'cli.init_next_run': 'keep it so',
} as const;

const IMPORT = {
  'cli.import_progress': (read: {
    readonly done: number;
    readonly total: number;
    readonly seconds: number;
  }) => `reading subscriptions: ${read.done} of ${read.total} apps, about ${read.seconds} s left`,
  'cli.import_comments': ({ count }: Count) =>
    `${count} ${count === 1 ? 'app is' : 'apps are'} in comments only: see the end of the output.`,
  'cli.import_adopted': (counts: { readonly adopted: number; readonly all: number; readonly dir: string }) =>
    `Adopted ${counts.adopted} of ${counts.all} in ${counts.dir}.`,
  'cli.import_no_match': ({ pattern }: { readonly pattern: string }) => `no app matches --select ${pattern}`,
  'cli.import_pattern':
    'a pattern is compared with the whole key, name, id or connector id; * stands for anything, ? for one character',
  'cli.import_invalid': 'the YAML is not valid',
  'cli.import_head': ({ endpoint }: { readonly endpoint: string }) =>
    `The callback apps of ${endpoint}, as \`callbackd import\` found them. Planning this changes nothing.`,
  'cli.import_fields':
    'Fields that are not written are not managed; the verify_token of an app is never shown.',
  'cli.import_channel': ({ name }: { readonly name: string }) => `channel ${name}`,
  'cli.import_pinned': 'another app has the same identity',
  'cli.import_no_url': 'none is set',
  'cli.import_left_alone': ({ because }: { readonly because: string }) => `left alone: ${because}`,
  'cli.import_left_over': 'Not expressed above, and left alone as long as `reconcile.prune` is not `all`:',
  'cli.import_no_name': 'it has no name',
  'cli.import_no_connector': 'it shows no connector_id',
  'cli.import_unknown_type': ({ type }: { readonly type: string }) =>
    `this version does not know its type ${type}`,
} as const;

const SANDBOX = {
  'cli.sandbox_answers': ({ url }: { readonly url: string }) =>
    `The emulated platform answers on ${url} (loopback only). Try, in another terminal:`,
  'cli.sandbox_receivers': ({ url }: { readonly url: string }) =>
    `Receivers that answer the challenge: ${url}`,
  'cli.sandbox_stop': 'Stop it with Ctrl-C.',
} as const;

const TOUR = {
  'cli.tour_account': 'An account that people filled by hand',
  'cli.tour_account_is': ({ url, count }: Count & { readonly url: string }) =>
    `No network, no account: an emulated platform answers on ${url}. It holds ${count} callback apps, ` +
    'more than one page of its listing. Two of ours are as they should be, one points to an old URL, the rest is not ours.',
  'cli.tour_wanted': ({ file }: { readonly file: string }) => `What we want, in ${file}`,
  'cli.tour_file_schedule': 'every two seconds, so that you need not wait; ten minutes is usual',
  'cli.tour_file_adopt': 'take over apps that somebody made by hand, if the name fits',
  'cli.tour_file_orders': 'exists and is right: it will be adopted as it is',
  'cli.tour_file_support': 'exists, but its URL is out of date and an event is missing',
  'cli.tour_file_partner': "a channel's app",
  'cli.tour_file_audit': 'does not exist yet',
  'cli.tour_plan': 'The dry run: callbackd plan',
  'cli.tour_plan_is':
    'It lists the whole account and says what it would do, and why. It cannot write: it has no such client.',
  'cli.tour_run': 'The daemon: callbackd run',
  'cli.tour_run_is': ({ pid }: { readonly pid: number }) =>
    `It runs as a process of its own (pid ${pid}). Each line below is one answer of the platform, with the logid ` +
    'that the vendor asks for when something is wrong. A new app takes three calls: create, set the URL, subscribe.',
  'cli.tour_converged':
    'Converged: the account is as the file says. The apps that the file does not name were not touched.',
  'cli.tour_edit': 'You edit the file',
  'cli.tour_edit_is': 'We add one entry and save. Nobody restarts anything:',
  'cli.tour_edit_done': 'The daemon saw it and made the app.',
  'cli.tour_drift': 'Somebody changes an app in the console',
  'cli.tour_drift_is': ({ id }: { readonly id: string }) =>
    `App ${id} now calls .../somewhere-else. At its next round the daemon will see the drift:`,
  'cli.tour_drift_done': 'Healed.',
  'cli.tour_trail': 'Who did what, down to the logid',
  'cli.tour_trail_is': 'Every change has its line in state/history.ndjson, with each request made for it:',
  'cli.tour_turn': 'Your turn',
  'cli.tour_turn_is': ({ file, url }: { readonly file: string; readonly url: string }) =>
    `The daemon goes on. Edit ${file} and watch; ${url} shows the account. Ctrl-C ends it.`,
  'cli.tour_ended': ({ code }: { readonly code: string }) =>
    `The daemon got SIGTERM, finished what it was doing, and ended with exit code ${code}.`,
  'cli.tour_next':
    'Next: README.md, "Five minutes", and `npx callbackd demo --live` to play with this account.',
} as const;

const usualCalls = ({ perRound, perDay, period }: Calls) =>
  `With nothing to do a round makes ${plural(perRound, 'call')}, which is about ${perDay} a day, one round every ${period}`;

const REHEARSE = {
  'cli.drill_one_run': '--seed replays one run, so it does not go together with --runs',
  'cli.drill_begins': ({ count }: Count) => `Rehearsing ${count} entries. Nothing leaves this process.`,
  'cli.pitfall_calls': (calls: Calls) => `${usualCalls(calls)}.`,
  'cli.pitfall_over_budget': ({ budget, ...calls }: Calls & { readonly budget: number }) =>
    `${usualCalls(calls)}: more than \`call_budget.per_day\` of ${budget}. Make the schedule sparser or raise it.`,
  'cli.pitfall_within_budget': ({ budget, ...calls }: Calls & { readonly budget: number }) =>
    `${usualCalls(calls)}, of the ${budget} of \`call_budget.per_day\`.`,
  'cli.pitfall_never_deleted': 'Nothing is ever deleted: `prune: never`.',
  'cli.pitfall_everything': 'that everything would go',
  'cli.pitfall_no_delete': ({ which }: { readonly which: string }) =>
    `No delete is done without approval, because of ${which}.`,
  'cli.pitfall_deletes': (limit: { readonly most: number; readonly owned: number; readonly which: string }) =>
    `Removing more than ${limit.most} of the ${limit.owned} entries at once waits for approval, because of ${limit.which}.`,
  'cli.pitfall_renames': ({ keys, more }: { readonly keys: readonly string[]; readonly more: number }) =>
    `A new key together with a new name is not recognised as a rename for ${keys.join(', ')}` +
    `${more > 0 ? ` and ${more} more` : ''}, which have no \`callback_url\` of their own: the app would be ` +
    'deleted and made again. Write `was:`.',
} as const;

export const CLI_START = { ...INIT, ...IMPORT, ...SANDBOX, ...TOUR, ...REHEARSE } as const;
