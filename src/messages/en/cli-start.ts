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
    'nothing was written; choose another file with --config, or see what this one does: callbackd plan',
  'cli.init_needs_token_file': '--token-stdin needs --token-file, which says where to store the token',
  'cli.init_no_token': '--token-stdin: no token on standard input',
  'cli.init_nothing': 'Nothing was written.',
  'cli.ask_platform': ({ cn, com }: { readonly cn: string; readonly com: string }) =>
    `Platform: 1 for ${cn}, 2 for ${com}, or another URL [1]: `,
  'cli.ask_url_again': 'This is not a URL such as https://api.coze.cn. Try again.',
  'cli.ask_token_file': ({ proposed }: { readonly proposed: string }) =>
    `File with the API token, or "env" to use $COZE_API_TOKEN [${proposed}]: `,
  'cli.ask_token': ({ file }: { readonly file: string }) =>
    `Paste the token to store it in ${file} with mode 0600 (input is hidden), or press Enter to skip: `,
  'cli.ask_state_dir': ({ service, proposed }: { readonly service: string; readonly proposed: string }) =>
    `State directory (${service} for a service) [${proposed}]: `,
  'cli.ask_import': 'Add the apps that are in the account now?',
  'cli.ask_yes': ({ question }: { readonly question: string }) => `${question} [Y/n]: `,
  'cli.init_key': 'the key: any unique name',
  'cli.init_every_field':
    'All fields: `callbackd schema`, or hover over a field in an editor that supports the line above.',
  'cli.init_wrote': ({
    file,
    count,
    others,
  }: Count & { readonly file: string; readonly others: readonly string[] }) =>
    `Wrote ${file} with ${plural(count, 'app')}${others.length === 0 ? '' : `, and next to it ${others.join(' and ')}`}.`,
  'cli.init_next': 'Next:',
  'cli.init_paste': 'paste the API token, Ctrl-D',
  'cli.init_where_unset': 'unless it is already set',
  'cli.init_next_doctor': 'check the token, the receivers and this host',
  'cli.init_next_plan': 'show what would change, without changing anything',
  'cli.init_next_apply': 'apply the changes once',
  'cli.init_next_run': 'keep the account in line with the file',
} as const;

const IMPORT = {
  'cli.import_progress': (read: {
    readonly done: number;
    readonly total: number;
    readonly seconds: number;
  }) => `reading subscriptions: ${read.done} of ${read.total} apps, about ${read.seconds} s left`,
  'cli.import_comments': ({ count }: Count) =>
    `${count} ${count === 1 ? 'app is' : 'apps are'} listed only as comments: see the end of the output.`,
  'cli.import_adopted': (counts: { readonly adopted: number; readonly all: number; readonly dir: string }) =>
    `Adopted ${counts.adopted} of ${counts.all} in ${counts.dir}.`,
  'cli.import_no_match': ({ pattern }: { readonly pattern: string }) => `no app matches --select ${pattern}`,
  'cli.import_pattern':
    'a pattern must match a whole key, name, id or connector id; * matches any text, ? one character',
  'cli.import_invalid': 'the YAML is not valid',
  'cli.import_head': ({ endpoint }: { readonly endpoint: string }) =>
    `Callback apps of ${endpoint}, written by \`callbackd import\`. The plan of this file is empty.`,
  'cli.import_fields': 'Fields that are left out are not managed. The verify_token of an app is never shown.',
  'cli.import_channel': ({ name }: { readonly name: string }) => `channel ${name}`,
  'cli.import_pinned': 'another app has the same type and name or channel',
  'cli.import_pinned_space': 'its name begins or ends with white space',
  'cli.import_no_url': 'not set',
  'cli.import_left_alone': ({ because }: { readonly because: string }) => `not included: ${because}`,
  'cli.import_left_over': 'Not included above, and not touched unless `reconcile.prune` is `all`:',
  'cli.import_no_name': 'it has no name',
  'cli.import_marked': 'its name has the mark of an unfinished create',
  'cli.import_no_connector': 'it has no connector_id',
  'cli.import_unknown_type': ({ type }: { readonly type: string }) =>
    `its type ${type} is unknown to this version`,
} as const;

const SANDBOX = {
  'cli.sandbox_answers': ({ url }: { readonly url: string }) =>
    `The emulated platform listens on ${url} (loopback only). In another terminal, try:`,
  'cli.sandbox_receivers': ({ url }: { readonly url: string }) => `Receivers that pass the challenge: ${url}`,
  'cli.sandbox_stop': 'Press Ctrl-C to stop.',
} as const;

const TOUR = {
  'cli.tour_account': 'An account with apps that were created by hand',
  'cli.tour_account_is': ({ url, count }: Count & { readonly url: string }) =>
    `No network, no account: an emulated platform listens on ${url}. It holds ${count} callback apps, ` +
    'more than one page of the listing. Two of ours are correct, one has an old URL, and the rest are not ours.',
  'cli.tour_wanted': ({ file }: { readonly file: string }) => `The desired state, in ${file}`,
  'cli.tour_file_schedule': 'every two seconds, for the demo; every ten minutes is usual',
  'cli.tour_file_adopt': 'take over apps that were created by hand, if the name matches',
  'cli.tour_file_orders': 'exists and is correct: it will be adopted unchanged',
  'cli.tour_file_support': 'exists, but has an old URL and lacks an event',
  'cli.tour_file_partner': 'the app of a channel',
  'cli.tour_file_audit': 'does not exist yet',
  'cli.tour_plan': 'Dry run: callbackd plan',
  'cli.tour_plan_is':
    'It lists the whole account and shows what it would do, and why. It only reads; it cannot change the account.',
  'cli.tour_run': 'Daemon: callbackd run',
  'cli.tour_run_is': ({ pid }: { readonly pid: number }) =>
    `It runs as a separate process (pid ${pid}). Each line below is one reply of the platform, with the logid ` +
    'that vendor support asks for. A new app takes three calls: create, set the URL, subscribe.',
  'cli.tour_converged': 'Done: the account matches the file. Apps that are not in the file were not touched.',
  'cli.tour_edit': 'You edit the file',
  'cli.tour_edit_is': 'We add one entry and save. No restart is needed:',
  'cli.tour_edit_done': 'The daemon noticed the change and created the app.',
  'cli.tour_drift': 'Someone changes an app in the console',
  'cli.tour_drift_is': ({ id }: { readonly id: string }) =>
    `App ${id} now calls .../somewhere-else. The daemon detects the drift in its next round:`,
  'cli.tour_drift_done': 'The daemon restored the URL.',
  'cli.tour_trail': 'Who did what, down to the logid',
  'cli.tour_trail_is':
    'Each change is a line in state/history.ndjson, with every request that was made for it:',
  'cli.tour_turn': 'Your turn',
  'cli.tour_turn_is': ({ file, url }: { readonly file: string; readonly url: string }) =>
    `The daemon keeps running. Edit ${file} and watch; ${url} shows the account. Press Ctrl-C to stop.`,
  'cli.tour_ended': ({ code }: { readonly code: string }) =>
    `The daemon received SIGTERM, finished its work and exited with code ${code}.`,
  'cli.tour_next': 'Next: README.md, "Five minutes", and `npx callbackd demo --live` to try it yourself.',
} as const;

const usualCalls = ({ perRound, perDay, period }: Calls) =>
  `A round without changes makes ${plural(perRound, 'call')}; with one round every ${period}, that is about ${perDay} a day`;

const REHEARSE = {
  'cli.drill_one_run': '--seed replays a single run and cannot be combined with --runs',
  'cli.drill_begins': ({ count }: Count) =>
    `Rehearsing ${plural(count, 'entry', 'entries')}. No network is used.`,
  'cli.pitfall_calls': (calls: Calls) => `${usualCalls(calls)}.`,
  'cli.pitfall_over_budget': ({ budget, ...calls }: Calls & { readonly budget: number }) =>
    `${usualCalls(calls)}, which exceeds \`call_budget.per_day\` (${budget}). Run fewer rounds or raise the budget.`,
  'cli.pitfall_within_budget': ({ budget, ...calls }: Calls & { readonly budget: number }) =>
    `${usualCalls(calls)}; \`call_budget.per_day\` allows ${budget}.`,
  'cli.pitfall_never_deleted': 'No app is ever deleted: `prune: never`.',
  'cli.pitfall_everything': 'the rule against deleting everything',
  'cli.pitfall_no_delete': ({ which }: { readonly which: string }) =>
    `Every delete needs approval, because of ${which}.`,
  'cli.pitfall_deletes': (limit: { readonly most: number; readonly owned: number; readonly which: string }) =>
    `Removing more than ${limit.most} of the ${limit.owned} entries at once needs approval, because of ${limit.which}.`,
  'cli.pitfall_renames': ({ keys, more }: { readonly keys: readonly string[]; readonly more: number }) =>
    `Changing both key and name is not recognised as a rename for ${keys.join(', ')}` +
    `${more > 0 ? ` and ${more} more` : ''}, which share their \`callback_url\` with other entries: the app would be ` +
    'deleted and created again. Add `was:` to the renamed entry.',
} as const;

export const CLI_START = { ...INIT, ...IMPORT, ...SANDBOX, ...TOUR, ...REHEARSE } as const;
