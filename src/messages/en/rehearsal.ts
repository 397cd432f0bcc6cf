/** What a drill assumes about a configuration, and how a promise was broken in a simulated world. */

interface Delete {
  /** The number of the request. */
  readonly request: number;
  readonly id: string;
}

interface Owned {
  readonly key: string;
  readonly id: string;
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
const deletes = ({ request, id }: Delete) => `request ${request} deletes ${id}`;

const ASSUMPTIONS = {
  'rehearsal.account_of_pins': ({ pins }: { readonly pins: number }) =>
    `the account holds the ${count(pins, 'app')} that \`id:\` names`,
  'rehearsal.without_state':
    'the daemon starts without a state; matching apps are adopted according to `reconcile.adopt`',
  'rehearsal.receivers_answer': ({ receivers }: { readonly receivers: number }) =>
    `${count(receivers, 'receiver')} answer${receivers === 1 ? 's' : ''} the challenge; ` +
    'none is asked (`callbackd doctor` does)',
  'rehearsal.token_from_file': 'the token comes from a file instead of a JWT exchange',
  'rehearsal.budget_not_enforced': 'the call budget is calculated, not enforced',
  'rehearsal.pause_lifted': '`reconcile.paused` is ignored',
  'rehearsal.schedule_replaced': ({ cron, by }: { readonly cron: string; readonly by: string }) =>
    `the schedule "${cron}" is simulated as "${by}"`,
  'rehearsal.shortened': (given: { readonly field: string; readonly from: string; readonly to: string }) =>
    `\`${given.field}\` is shortened from ${given.from} to ${given.to}`,
} as const;

const CREATES = {
  'rehearsal.created_again': (given: {
    readonly request: number;
    readonly identity: string;
    readonly earlier: number;
    readonly problem: string;
  }) =>
    `request ${given.request} creates "${given.identity}" again after request ${given.earlier}: ${given.problem}`,
  'rehearsal.first_under_way': 'the first is still in progress',
  'rehearsal.too_few_listings_since_end': ({ listings }: { readonly listings: number }) =>
    `only ${listings} complete listings since it ended`,
  'rehearsal.too_few_listings_since_settle': ({ listings }: { readonly listings: number }) =>
    `only ${listings} complete listings since its settle time ended`,
  'rehearsal.listing_showed_app': ({ id }: { readonly id: string }) => `a listing showed its app ${id}`,
  'rehearsal.duplicate': (given: {
    readonly request: number;
    readonly made: string;
    readonly of: string;
    readonly identity: string;
  }) => `request ${given.request} created ${given.made}, a duplicate of ${given.of} ("${given.identity}")`,
} as const;

const DELETES = {
  'rehearsal.delete_not_owned': (given: Delete) => `${deletes(given)}, which is not owned`,
  'rehearsal.delete_wanted': (given: Delete) => `${deletes(given)}, whose entry is in the file`,
  'rehearsal.delete_never_listed': (given: Delete) => `${deletes(given)}, whose entry was never in the file`,
  'rehearsal.delete_in_grace': (given: Delete & { readonly passedMs: number; readonly graceMs: number }) =>
    `${deletes(given)} ${given.passedMs} ms after its entry was removed; the grace period is ${given.graceMs} ms`,
  'rehearsal.delete_outside_round': (given: Delete) => `${deletes(given)} outside of a round`,
  'rehearsal.delete_without_listings': (given: Delete) =>
    `${deletes(given)} without two complete listings in its round`,
  'rehearsal.delete_listings_disagree': (given: Delete) => `${deletes(given)} although two listings disagree`,
  'rehearsal.delete_not_on_listing': (given: Delete) => `${deletes(given)}, which is not on the listing`,
  'rehearsal.deletes_per_round': (given: Delete & { readonly deletes: number; readonly limit: number }) =>
    `${deletes(given)}: ${given.deletes} deletes in a round; the limit is ${given.limit}`,
  'rehearsal.deletes_per_day': (given: Delete & { readonly deletes: number; readonly limit: number }) =>
    `${deletes(given)}: ${given.deletes} deletes in a day; the limit is ${given.limit}`,
  'rehearsal.delete_file_broken': (given: Delete & { readonly condition: string }) =>
    `${deletes(given)} while the file is invalid (${given.condition})`,
  'rehearsal.delete_file_refused': (given: Delete) =>
    `${deletes(given)} although the daemon itself does not accept the file`,
  'rehearsal.delete_after_standstill': (given: Delete & { readonly stoodMs: number }) =>
    `${deletes(given)} by listings from before it stood still for ${given.stoodMs} ms`,
  'rehearsal.delete_protected': (given: Delete) => `${deletes(given)}, which is protected`,
} as const;

const MARKS = {
  'rehearsal.created_beside_other': (given: {
    readonly request: number;
    readonly name: string;
    readonly id: string;
  }) =>
    `request ${given.request} creates "${given.name}" although another callbackd is creating ${given.id} under that name`,
  'rehearsal.foreign_touched': ({ request, id }: { readonly request: number; readonly id: string }) =>
    `request ${request} writes to ${id}, which carries the mark of another callbackd`,
  'rehearsal.stray_adopted': ({ id, key }: { readonly id: string; readonly key: string }) =>
    `${key} takes over ${id}, which a create made after it was given up`,
  'rehearsal.stray_left': ({ id, request }: { readonly id: string; readonly request: number }) =>
    `app ${id} (request ${request}) was created by callbackd, belongs to no entry and stays`,
  'rehearsal.written_again': (given: {
    readonly request: number;
    readonly method: string;
    readonly path: string;
    readonly earlier: number;
  }) =>
    `request ${given.request} repeats the write of request ${given.earlier} (${given.method} ${given.path}) within the settle time`,
} as const;

const STATE = {
  'rehearsal.serial_ahead': ({ serial, changes }: { readonly serial: number; readonly changes: number }) =>
    `the state is at serial ${serial}, but only ${changes} changes were made`,
  'rehearsal.changes_lost': ({ changes, first }: { readonly changes: number; readonly first: string }) =>
    `${changes} acknowledged changes are gone, the first is ${first}`,
  'rehearsal.state_differs': ({ serial }: { readonly serial: number }) =>
    `the state at serial ${serial} is not what was committed`,
  'rehearsal.app_lost': (given: {
    readonly id: string;
    readonly identity: string;
    readonly request: number;
  }) =>
    `app ${given.id} ("${given.identity}", request ${given.request}) is neither owned nor expected from an open create`,
  'rehearsal.no_last_good': 'the daemon does not start on the last good configuration',
  'rehearsal.file_holds_secret': ({ path }: { readonly path: string }) => `${path} contains a secret`,
  'rehearsal.log_holds_secret': ({ line }: { readonly line: string }) => `the log contains a secret: ${line}`,
} as const;

const OTHER_PROCESSES = {
  'rehearsal.reader_writes': (given: {
    readonly request: number;
    readonly method: string;
    readonly path: string;
  }) => `request ${given.request} of a read-only command is ${given.method} ${given.path}`,
  'rehearsal.plan_failed': ({ error }: { readonly error: string }) =>
    `a plan beside the daemon failed: ${error}`,
  'rehearsal.plan_wrote': ({ what }: { readonly what: string }) => `plan wrote: ${what}`,
  'rehearsal.plans_differ': 'two plans of the same facts differ',
  'rehearsal.two_holders': 'two processes hold the state at the same time',
  'rehearsal.second_daemon_failed': ({ error }: { readonly error: string }) =>
    `a second daemon failed: ${error}`,
} as const;

const ROUNDS = {
  'rehearsal.skipped': ({ key, because }: { readonly key: string; readonly because: string }) =>
    `${key} was skipped: ${because}`,
  'rehearsal.late_write': (given: {
    readonly request: number;
    readonly method: string;
    readonly path: string;
  }) => `request ${given.request} writes (${given.method} ${given.path}) after everything had converged`,
  'rehearsal.standstill': 'the daemon waits for something that never happens',
  'rehearsal.nothing_planned': 'no round was planned',
  'rehearsal.never_quiet': 'rounds still find changes to make',
  'rehearsal.unfinished': ({ problems }: { readonly problems: readonly string[] }) => problems.join('; '),
  'rehearsal.still_held': (given: {
    readonly subject: string;
    readonly reason: string;
    readonly why: string;
  }) => `${given.subject} is held (${given.reason}): ${given.why}`,
  'rehearsal.own_app_held': ({ held, ids }: { readonly held: string; readonly ids: readonly string[] }) =>
    `${held}; ${ids.join(' ')} is an app of ours`,
  'rehearsal.still_owned': ({ key, id }: Owned) =>
    `${key} (${id}) was removed from the file but is still owned`,
  'rehearsal.still_to_delete': ({ key, id }: Owned) => `${key} still has to delete ${id}`,
  'rehearsal.create_open': ({ key }: { readonly key: string }) =>
    `the outcome of the create of ${key} is still unknown`,
  'rehearsal.token_missing': ({ key, id }: Owned) =>
    `the token sink does not contain the verify_token of ${key} (${id})`,
  'rehearsal.token_left': ({ key }: { readonly key: string }) =>
    `the token sink still contains the verify_token of ${key}`,
  'rehearsal.no_app': ({ key }: { readonly key: string }) => `${key} has no app`,
  'rehearsal.field_differs': (
    given: Owned & {
      readonly field: string;
      readonly is: string | undefined;
      readonly wanted: string | undefined;
    },
  ) => `${given.key} (${given.id}): ${given.field} is ${given.is}, wanted ${given.wanted}`,
} as const;

export const REHEARSAL = {
  ...ASSUMPTIONS,
  ...CREATES,
  ...DELETES,
  ...MARKS,
  ...STATE,
  ...OTHER_PROCESSES,
  ...ROUNDS,
} as const;
