/** What applying a plan says: failures of callbackd's own, warnings, and why a round ended early. */

import { formatDuration } from '../format-duration.ts';

interface Stopped {
  readonly why: string;
}

/** The step that the round did not get to. */
const STOPPED_BEFORE = {
  'apply.stopped_before_create': ({ why }: Stopped) => `stopped before the app was created: ${why}`,
  'apply.stopped_before_binding': ({ why }: Stopped) => `stopped before the change was recorded: ${why}`,
  'apply.stopped_before_delivery': ({ why }: Stopped) =>
    `stopped before the verify_token was delivered: ${why}`,
  'apply.stopped_before_receiver': ({ why }: Stopped) => `stopped before the receiver was checked: ${why}`,
  'apply.stopped_before_update': ({ why }: Stopped) => `stopped before the fields were set: ${why}`,
  'apply.stopped_before_subscriptions': ({ why }: Stopped) =>
    `stopped before the subscriptions were changed: ${why}`,
  'apply.stopped_before_delete': ({ why }: Stopped) => `stopped before the app was deleted: ${why}`,
} as const;

const ROUND_ENDS = {
  'apply.told_to_stop': 'the round was told to stop',
  'apply.newer_configuration': 'a newer configuration arrived',
  'apply.deadline_passed': 'the round took too long',
  'apply.files_invalid':
    'the configuration is no longer usable, so nothing is deleted: fix the file or put it back',
  'apply.files_held': 'the configuration changed so much that it needs an approval, so nothing is deleted',
  'apply.files_policy': 'the settings of the configuration changed; planning again',
  'apply.files_name_it': ({ who }: { readonly who: string }) =>
    `the configuration changed and may still need ${who}; planning again`,
  'apply.stood_still': ({ stoodMs }: { readonly stoodMs: number }) =>
    `this process was suspended for ${formatDuration(stoodMs)} after the account was listed; planning again`,
} as const;

export const APPLY = {
  ...STOPPED_BEFORE,
  ...ROUND_ENDS,
  'apply.state_not_written': ({ why }: { readonly why: string }) => `the state could not be written: ${why}`,
  'apply.token_not_delivered': ({ why }: { readonly why: string }) =>
    `the verify_token could not be delivered: ${why}`,
  'apply.token_sink_missing': 'the verify_token was not delivered: no token_sink is configured',
  'apply.token_left_behind': ({ key, why }: { readonly key: string; readonly why: string }) =>
    `the verify_token of ${key} is still in the token sink: ${why}`,
  'apply.name_not_set': ({ why }: { readonly why: string }) =>
    `Its name still carries a mark (${why}); the next round sets it.`,
  'apply.name_taken': ({ name, id }: { readonly name: string; readonly id: string }) =>
    `The platform refused the name ${JSON.stringify(name)} for the new app ${id}, so it probably is taken.`,
  'apply.receiver_failed': (receiver: {
    readonly url: string;
    readonly stage: string;
    readonly why: string;
  }) => `the receiver ${receiver.url} failed the preflight check (${receiver.stage}): ${receiver.why}`,
} as const;
