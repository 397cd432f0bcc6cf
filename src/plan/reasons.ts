/**
 * The catalogue of reasons for which a change is withheld: one table for the planner, the views and docs/plan.md, which a
 * test keeps equal. It holds words only; when a reason applies is decided by the rules.
 */

import {
  ATTENTION_REASONS,
  type AttentionReason,
  STANDING_REASONS,
  type StandingReason,
  type WithheldReason,
} from '../model/plan.ts';

export interface ReasonEntry {
  readonly title: string;
  /** What it means, in one or two sentences. */
  readonly explanation: string;
  /** How to release it. `KEY` stands for the entry's key (the id for an unmanaged app). */
  readonly release: string;
  /** Whether `approve KEY` or `approve DIGEST` releases it. */
  readonly approvable: boolean;
}

const STANDING: Readonly<Record<StandingReason, ReasonEntry>> = {
  protected: {
    title: 'protected',
    explanation:
      'The entry is protected, or was when callbackd last saw it: the app is neither deleted nor replaced.',
    release: 'put the entry KEY back with `protect: false`, apply, then remove it',
    approvable: false,
  },
  paused: {
    title: 'paused',
    explanation: 'Somebody asked to leave this entry alone, for a while or until further notice.',
    release: 'run `callbackd resume KEY`, or remove `paused:` from the entry, whichever set it',
    approvable: false,
  },
  paused_all: {
    title: 'everything is paused',
    explanation: 'Somebody asked to leave the whole account alone, for a while or until further notice.',
    release: 'run `callbackd resume`, or remove `reconcile.paused`, whichever set it',
    approvable: false,
  },
  prune_never: {
    title: 'pruning is off',
    explanation: 'The entry is gone from the file, and `prune: never` keeps its app.',
    release: 'put the entry KEY back, or set `prune: owned`',
    approvable: false,
  },
  delete_grace: {
    title: 'condemned',
    explanation: 'The entry is gone from the file; its app is deleted when the grace period is over.',
    release: 'wait, or put the entry KEY back to keep the app',
    approvable: false,
  },
  settling: {
    title: 'settling',
    explanation:
      'The app was made a moment ago, or may have been; a listing can lag, so nothing is concluded yet.',
    release: 'wait; the next round after the settle time decides',
    approvable: false,
  },
  backoff: {
    title: 'backing off',
    explanation: 'The last attempt failed; the entry is left alone for a growing while.',
    release: 'wait, edit the entry KEY, or run `callbackd apply`',
    approvable: false,
  },
};

const ATTENTION: Readonly<Record<AttentionReason, ReasonEntry>> = {
  deletes_per_round: {
    title: 'too many deletes in one round',
    explanation: 'More apps would be deleted at once than `limits.deletes_per_round` allows, so none is.',
    release: 'run `callbackd approve DIGEST`, or `callbackd apply --allow-deletes`',
    approvable: true,
  },
  deletes_share: {
    title: 'too large a share deleted',
    explanation:
      'A larger share of the owned apps would be deleted than `limits.deletes_share` allows, so none is.',
    release: 'run `callbackd approve DIGEST`, or `callbackd apply --allow-deletes`',
    approvable: true,
  },
  deletes_per_day: {
    title: 'too many deletes in a day',
    explanation:
      'With the deletes of the last 24 hours, `limits.deletes_per_day` would be passed, so none is done.',
    release: 'wait, run `callbackd approve DIGEST`, or `callbackd apply --allow-deletes`',
    approvable: true,
  },
  delete_everything: {
    title: 'everything would be deleted',
    explanation: 'Every owned app would be deleted. That is held even where the limits allow it.',
    release: 'run `callbackd approve DIGEST`, or `callbackd apply --allow-deletes`',
    approvable: true,
  },
  ambiguous: {
    title: 'several apps match',
    explanation: 'More than one app looks like the entry, and nothing says which one is meant.',
    release: 'pin one with `id:` in the entry KEY, or remove the surplus apps',
    approvable: false,
  },
  ambiguous_newborn: {
    title: 'several new apps match',
    explanation:
      'A create had no clear answer, and what the account holds now cannot be told apart from its result.',
    release: 'pin the right one with `id:` in the entry KEY, or delete the surplus apps',
    approvable: false,
  },
  unowned_match: {
    title: 'an app that is not ours matches',
    explanation:
      'The account already holds an app like this one. It is neither taken over nor doubled without a decision.',
    release: 'run `callbackd approve KEY` to adopt it, pin it with `id:`, or set `adopt: by_name`',
    approvable: true,
  },
  possible_rename: {
    title: 'this looks like a rename',
    explanation:
      'One entry went and another came with the same receiver. Deleting and creating would lose the verify_token.',
    release: 'add `was: OLD` to the new entry, or run `callbackd approve KEY` if they are two things',
    approvable: true,
  },
  contested: {
    title: 'contested',
    explanation: 'Somebody else keeps changing a field back, so callbackd stopped fighting over it.',
    release:
      'run `callbackd approve KEY`, edit the entry, add the field to `ignore:`, or stop the other side',
    approvable: true,
  },
  replace_not_allowed: {
    title: 'replacing is not allowed',
    explanation: 'The type or the channel of an app cannot be changed; a new one would have to replace it.',
    release: 'set `replace: allow` in the entry KEY, or run `callbackd approve KEY`',
    approvable: true,
  },
  suspicious_absence: {
    title: 'too many apps are gone',
    explanation:
      'So many owned apps are missing at once that another account or token is more likely than their deletion. ' +
      'Where all are, nothing new is begun either.',
    release: 'check the token and the base URL; if they really are gone, run `callbackd approve DIGEST`',
    approvable: true,
  },
  listing_disagrees: {
    title: 'the listing cannot be trusted',
    explanation:
      'Two looks at the account contradict each other, so nothing is concluded from what is missing.',
    release: 'wait for the next round; if it stays, see `callbackd doctor`',
    approvable: false,
  },
  pin_not_found: {
    title: 'the pinned app is not there',
    explanation: 'The entry names an id that the account does not show.',
    release: 'correct or remove `id:` in the entry KEY',
    approvable: false,
  },
  pin_taken: {
    title: 'the pinned app belongs to another entry',
    explanation: 'The entry names an id that another entry owns or pins.',
    release: 'correct `id:` in the entry KEY, or remove the other entry',
    approvable: false,
  },
  unknown_app_type: {
    title: 'an app of an unknown type',
    explanation: 'The app is of a type that this version does not know, and such an app is never touched.',
    release: 'unpin it or correct the entry KEY, or install a version that knows the type',
    approvable: false,
  },
};

export const REASONS: Readonly<Record<WithheldReason, ReasonEntry>> = { ...STANDING, ...ATTENTION };

/** All reasons: first the standing ones, then those that need a decision. */
export const REASON_ORDER: readonly WithheldReason[] = [...STANDING_REASONS, ...ATTENTION_REASONS];

/** Whether somebody must decide, as opposed to a standing wish or something that passes by itself. */
export function needsDecision(reason: WithheldReason): boolean {
  return Object.hasOwn(ATTENTION, reason);
}

/** How to release one withheld change, with its own subject filled in. */
export function formatRelease(reason: WithheldReason, subject: string): string {
  return REASONS[reason].release.replaceAll('KEY', subject);
}
