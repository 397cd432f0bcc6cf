/** Why a change is withheld: the title, the explanation and the usual release of each reason. */

/** `key` is the id for an unmanaged app; `digest` is short enough to type and long enough for `approve`. */
type Release = (subject: { readonly key: string; readonly digest: string }) => string;

/** All releases take the same parameters, so that one can be told from its reason alone. */
const releases = <Id extends string>(entries: Readonly<Record<Id, Release>>) => entries;

const TITLES = {
  'plan.protected_title': 'protected',
  'plan.paused_title': 'paused',
  'plan.paused_all_title': 'everything is paused',
  'plan.prune_never_title': 'deleting is turned off',
  'plan.delete_grace_title': 'scheduled for deletion',
  'plan.overlap_title': 'old and new app overlap',
  'plan.settling_title': 'waiting for the listing',
  'plan.backoff_title': 'retrying later',
  'plan.deletes_per_round_title': 'too many deletes in one round',
  'plan.deletes_share_title': 'too large a share of apps deleted',
  'plan.deletes_per_day_title': 'too many deletes in a day',
  'plan.delete_everything_title': 'everything would be deleted',
  'plan.ambiguous_title': 'several apps match',
  'plan.unowned_match_title': 'a similar unmanaged app exists',
  'plan.possible_rename_title': 'this looks like a rename',
  'plan.contested_title': 'changed back by someone else',
  'plan.replace_not_allowed_title': 'replacing is not allowed',
  'plan.suspicious_absence_title': 'too many apps are missing',
  'plan.listing_disagrees_title': 'the listing cannot be trusted',
  'plan.duplicate_title': 'a duplicate',
  'plan.pin_not_found_title': 'the pinned app does not exist',
  'plan.pin_taken_title': 'the pinned app belongs to another entry',
  'plan.unknown_app_type_title': 'unknown app type',
  'plan.another_writer_title': 'another callbackd is creating here',
  'plan.name_taken_title': 'the name is taken',
  'plan.stray_in_use_title': 'a stray app is in use',
  'plan.strays_per_day_title': 'too many stray apps',
} as const;

const EXPLANATIONS = {
  'plan.protected_explanation':
    'The entry is protected, or was when callbackd last saw it. Its app is never deleted or replaced.',
  'plan.paused_explanation': 'This entry was paused, for a limited time or until it is resumed.',
  'plan.paused_all_explanation': 'The whole account was paused, for a limited time or until it is resumed.',
  'plan.prune_never_explanation': 'The entry was removed from the file, and `prune: never` keeps its app.',
  'plan.delete_grace_explanation':
    'The entry was removed from the file; its app is deleted when the grace period ends.',
  'plan.overlap_explanation':
    'A person rotated the verify_token. The old app stays until the overlap ends; until then each event arrives twice.',
  'plan.settling_explanation':
    'callbackd just wrote to this app, or may have. Listings can lag, so one that shows the old state does not count yet.',
  'plan.backoff_explanation':
    'The last attempt failed. The entry is retried with growing pauses (up to 1 h).',
  'plan.deletes_per_round_explanation':
    'The round would delete more apps than `limits.deletes_per_round` allows, so none is deleted.',
  'plan.deletes_share_explanation':
    'The round would delete a larger share of the owned apps than `limits.deletes_share` allows, so none is deleted.',
  'plan.deletes_per_day_explanation':
    'Together with the deletes of the last 24 hours, `limits.deletes_per_day` would be exceeded, so none is deleted.',
  'plan.delete_everything_explanation':
    'Every owned app would be deleted. This always needs approval, even if the limits allow it.',
  'plan.ambiguous_explanation': 'Several apps match the entry, and nothing says which one is meant.',
  'plan.unowned_match_explanation':
    'The account already has a similar app. callbackd neither adopts nor duplicates it without a decision.',
  'plan.possible_rename_explanation':
    'One entry was removed and another added with the same receiver. Deleting and creating would lose the verify_token.',
  'plan.contested_explanation': 'Someone else keeps changing a field back, so callbackd stopped changing it.',
  'plan.replace_not_allowed_explanation':
    'The type or channel of an app cannot be changed; a new app would have to replace it.',
  'plan.suspicious_absence_explanation':
    'So many owned apps are missing at once that a wrong account or token is more likely than their deletion. ' +
    'If all are missing, no app is created either.',
  'plan.listing_disagrees_explanation':
    'Two listings of the account contradict each other, so a missing app does not count as deleted.',
  'plan.duplicate_explanation':
    'An unmanaged app has the type and the name (or the channel) of an entry that owns another app. It is not touched.',
  'plan.pin_not_found_explanation': 'The entry names an id that is not in the account.',
  'plan.pin_taken_explanation': 'The entry names an id that another entry owns or pins.',
  'plan.unknown_app_type_explanation':
    'This version does not know the type of the app, and never touches such an app.',
  'plan.another_writer_explanation':
    'An app of the same name has the mark of another callbackd, which seems to be creating it right now.',
  'plan.name_taken_explanation':
    'The platform refused the name of the new app, probably because another app has it.',
  'plan.stray_in_use_explanation':
    'callbackd created this app too late for its entry, and since then someone gave it a URL or subscriptions.',
  'plan.strays_per_day_explanation':
    'More apps have the mark of this callbackd without an entry than there were creates with an unknown outcome.',
} as const;

const RELEASES = releases({
  'plan.protected_release': ({ key }) =>
    `put the entry ${key} back with \`protect: false\`, apply, then remove it again`,
  'plan.paused_release': ({ key }) =>
    `run \`callbackd resume ${key}\`, or remove \`paused:\` from the entry, depending on where the pause was set`,
  'plan.paused_all_release': () =>
    'run `callbackd resume`, or remove `reconcile.paused`, depending on where the pause was set',
  'plan.prune_never_release': ({ key }) => `put the entry ${key} back, or set \`prune: owned\``,
  'plan.delete_grace_release': ({ key }) => `wait, or put the entry ${key} back to keep the app`,
  'plan.overlap_release': () => 'wait; a round after the overlap deletes the old app',
  'plan.settling_release': () => 'wait; a round after the settle time decides',
  'plan.backoff_release': ({ key }) => `wait, edit the entry ${key}, or run \`callbackd apply\``,
  'plan.deletes_per_round_release': ({ digest }) =>
    `run \`callbackd approve ${digest}\`, or \`callbackd apply --allow-deletes\``,
  'plan.deletes_share_release': ({ digest }) =>
    `run \`callbackd approve ${digest}\`, or \`callbackd apply --allow-deletes\``,
  'plan.deletes_per_day_release': ({ digest }) =>
    `wait, run \`callbackd approve ${digest}\`, or \`callbackd apply --allow-deletes\``,
  'plan.delete_everything_release': ({ digest }) =>
    `run \`callbackd approve ${digest}\`, or \`callbackd apply --allow-deletes\``,
  'plan.ambiguous_release': ({ key }) =>
    `pin one with \`id:\` in the entry ${key}, or delete the surplus apps`,
  'plan.unowned_match_release': ({ key }) =>
    `run \`callbackd approve ${key}\` to adopt it, pin it with \`id:\`, or set \`adopt: by_name\``,
  'plan.possible_rename_release': ({ key }) =>
    `add \`was: OLD\` to the new entry, or run \`callbackd approve ${key}\` if the two are unrelated`,
  'plan.contested_release': ({ key }) =>
    `run \`callbackd approve ${key}\`, edit the entry, add the field to \`ignore:\`, or stop the other party`,
  'plan.replace_not_allowed_release': ({ key }) =>
    `set \`replace: allow\` in the entry ${key}, or run \`callbackd approve ${key}\``,
  'plan.suspicious_absence_release': ({ digest }) =>
    `check the token and the base URL; if the apps really are gone, run \`callbackd approve ${digest}\``,
  'plan.listing_disagrees_release': () => 'wait for the next round; if it persists, run `callbackd doctor`',
  'plan.duplicate_release': ({ key }) =>
    `run \`callbackd delete ID\`, take it over with \`id:\` in the entry ${key}, or add it to \`accept_duplicates:\` there`,
  'plan.pin_not_found_release': ({ key }) => `correct or remove \`id:\` in the entry ${key}`,
  'plan.pin_taken_release': ({ key }) => `correct \`id:\` in the entry ${key}, or remove the other entry`,
  'plan.unknown_app_type_release': ({ key }) =>
    `remove the pin or correct the entry ${key}, or install a version that knows the type`,
  'plan.another_writer_release': ({ key }) =>
    `stop the other callbackd, or run \`callbackd approve ${key}\` to create the app anyway`,
  'plan.name_taken_release': ({ key }) =>
    `change \`name:\` in the entry ${key}, or free the name and run \`callbackd approve ${key}\``,
  'plan.stray_in_use_release': ({ key }) =>
    `take it over with \`id: "${key}"\` in an entry, or run \`callbackd delete ${key}\``,
  'plan.strays_per_day_release': ({ key }) =>
    `run \`callbackd approve ${key}\` to delete it, or take it over with \`id:\` in an entry`,
});

export const PLAN_REASONS = { ...TITLES, ...EXPLANATIONS, ...RELEASES } as const;
