/** Why a change is withheld: the title, the explanation and the usual release of each reason. */

/** `key` is the id for an unmanaged app; `digest` is short enough to type and long enough for `approve`. */
type Release = (subject: { readonly key: string; readonly digest: string }) => string;

/** All releases take the same parameters, so that one can be told from its reason alone. */
const releases = <Id extends string>(entries: Readonly<Record<Id, Release>>) => entries;

const TITLES = {
  'plan.protected_title': 'protected',
  'plan.paused_title': 'paused',
  'plan.paused_all_title': 'everything is paused',
  'plan.prune_never_title': 'pruning is off',
  'plan.delete_grace_title': 'condemned',
  'plan.settling_title': 'settling',
  'plan.backoff_title': 'backing off',
  'plan.deletes_per_round_title': 'too many deletes in one round',
  'plan.deletes_share_title': 'too large a share deleted',
  'plan.deletes_per_day_title': 'too many deletes in a day',
  'plan.delete_everything_title': 'everything would be deleted',
  'plan.ambiguous_title': 'several apps match',
  'plan.ambiguous_newborn_title': 'several new apps match',
  'plan.unowned_match_title': 'an app that is not ours matches',
  'plan.possible_rename_title': 'this looks like a rename',
  'plan.contested_title': 'contested',
  'plan.replace_not_allowed_title': 'replacing is not allowed',
  'plan.suspicious_absence_title': 'too many apps are gone',
  'plan.listing_disagrees_title': 'the listing cannot be trusted',
  'plan.pin_not_found_title': 'the pinned app is not there',
  'plan.pin_taken_title': 'the pinned app belongs to another entry',
  'plan.unknown_app_type_title': 'an app of an unknown type',
} as const;

const EXPLANATIONS = {
  'plan.protected_explanation':
    'The entry is protected, or was when callbackd last saw it: the app is neither deleted nor replaced.',
  'plan.paused_explanation': 'Somebody asked to leave this entry alone, for a while or until further notice.',
  'plan.paused_all_explanation':
    'Somebody asked to leave the whole account alone, for a while or until further notice.',
  'plan.prune_never_explanation': 'The entry is gone from the file, and `prune: never` keeps its app.',
  'plan.delete_grace_explanation':
    'The entry is gone from the file; its app is deleted when the grace period is over.',
  'plan.settling_explanation':
    'We wrote to this app a moment ago, or may have; listings lag, so what is shown of before is not believed yet.',
  'plan.backoff_explanation': 'The last attempt failed; the entry is left alone for a growing while.',
  'plan.deletes_per_round_explanation':
    'More apps would be deleted at once than `limits.deletes_per_round` allows, so none is.',
  'plan.deletes_share_explanation':
    'A larger share of the owned apps would be deleted than `limits.deletes_share` allows, so none is.',
  'plan.deletes_per_day_explanation':
    'With the deletes of the last 24 hours, `limits.deletes_per_day` would be passed, so none is done.',
  'plan.delete_everything_explanation':
    'Every owned app would be deleted. That is held even where the limits allow it.',
  'plan.ambiguous_explanation':
    'More than one app looks like the entry, and nothing says which one is meant.',
  'plan.ambiguous_newborn_explanation':
    'A create had no clear answer, and what the account holds now cannot be told apart from its result.',
  'plan.unowned_match_explanation':
    'The account already holds an app like this one. It is neither taken over nor doubled without a decision.',
  'plan.possible_rename_explanation':
    'One entry went and another came with the same receiver. Deleting and creating would lose the verify_token.',
  'plan.contested_explanation':
    'Somebody else keeps changing a field back, so callbackd stopped fighting over it.',
  'plan.replace_not_allowed_explanation':
    'The type or the channel of an app cannot be changed; a new one would have to replace it.',
  'plan.suspicious_absence_explanation':
    'So many owned apps are missing at once that another account or token is more likely than their deletion. ' +
    'Where all are, nothing new is begun either.',
  'plan.listing_disagrees_explanation':
    'Two looks at the account contradict each other, so nothing is concluded from what is missing.',
  'plan.pin_not_found_explanation': 'The entry names an id that the account does not show.',
  'plan.pin_taken_explanation': 'The entry names an id that another entry owns or pins.',
  'plan.unknown_app_type_explanation':
    'The app is of a type that this version does not know, and such an app is never touched.',
} as const;

const RELEASES = releases({
  'plan.protected_release': ({ key }) =>
    `put the entry ${key} back with \`protect: false\`, apply, then remove it`,
  'plan.paused_release': ({ key }) =>
    `run \`callbackd resume ${key}\`, or remove \`paused:\` from the entry, whichever set it`,
  'plan.paused_all_release': () => 'run `callbackd resume`, or remove `reconcile.paused`, whichever set it',
  'plan.prune_never_release': ({ key }) => `put the entry ${key} back, or set \`prune: owned\``,
  'plan.delete_grace_release': ({ key }) => `wait, or put the entry ${key} back to keep the app`,
  'plan.settling_release': () => 'wait; the next round after the settle time decides',
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
    `pin one with \`id:\` in the entry ${key}, or remove the surplus apps`,
  'plan.ambiguous_newborn_release': ({ key }) =>
    `pin the right one with \`id:\` in the entry ${key}, or delete the surplus apps`,
  'plan.unowned_match_release': ({ key }) =>
    `run \`callbackd approve ${key}\` to adopt it, pin it with \`id:\`, or set \`adopt: by_name\``,
  'plan.possible_rename_release': ({ key }) =>
    `add \`was: OLD\` to the new entry, or run \`callbackd approve ${key}\` if they are two things`,
  'plan.contested_release': ({ key }) =>
    `run \`callbackd approve ${key}\`, edit the entry, add the field to \`ignore:\`, or stop the other side`,
  'plan.replace_not_allowed_release': ({ key }) =>
    `set \`replace: allow\` in the entry ${key}, or run \`callbackd approve ${key}\``,
  'plan.suspicious_absence_release': ({ digest }) =>
    `check the token and the base URL; if they really are gone, run \`callbackd approve ${digest}\``,
  'plan.listing_disagrees_release': () => 'wait for the next round; if it stays, see `callbackd doctor`',
  'plan.pin_not_found_release': ({ key }) => `correct or remove \`id:\` in the entry ${key}`,
  'plan.pin_taken_release': ({ key }) => `correct \`id:\` in the entry ${key}, or remove the other entry`,
  'plan.unknown_app_type_release': ({ key }) =>
    `unpin it or correct the entry ${key}, or install a version that knows the type`,
});

export const PLAN_REASONS = { ...TITLES, ...EXPLANATIONS, ...RELEASES } as const;
